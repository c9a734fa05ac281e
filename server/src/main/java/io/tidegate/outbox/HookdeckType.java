package io.tidegate.outbox;

import io.tidegate.base.Bytes;
import io.tidegate.http.Call;
import io.tidegate.http.Headers;
import io.tidegate.outbox.TypeSchema.Field;
import io.tidegate.registry.Judgement.Fault;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Events as requests to a source of Hookdeck's Event Gateway. The token says which source, and signs
/// what is sent there.
///
///     token = base64("<source>:<random>")
///     POST {events}/<source>                             x-hookdeck-signature: v0=<base64>
///     GET  {api}/2025-01-01/sources/<source>/managed/verify   x-hookdeck-source-token: <token>
public final class HookdeckType implements HttpType {
  static final String TOKEN = "token";

  private static final int LONGEST = 512;
  private static final TypeSchema SCHEMA =
      new TypeSchema(
          "hookdeck",
          "Hookdeck",
          "Send each event to a source of Hookdeck's Event Gateway",
          "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 16 16\" fill=\"none\""
              + " stroke=\"currentColor\"><path d=\"M3 2v12M13 2v12M3 8h10\"/></svg>",
          """
          Create a managed source in Hookdeck, and enter the token that is shown there.
          """,
          List.of(),
          List.of(
              Field.text(TOKEN, "Token", "The token of the source")
                  .needed()
                  .secret()
                  .sized(8, LONGEST)));

  private final URI events;
  private final URI api;

  public HookdeckType() {
    this(URI.create("https://hkdk.events"), URI.create("https://api.hookdeck.com"));
  }

  /// @param events where sources take requests
  /// @param api where tokens are verified
  public HookdeckType(URI events, URI api) {
    this.events = events;
    this.api = api;
  }

  @Override
  public TypeSchema schema() {
    return SCHEMA;
  }

  @Override
  public List<Fault> faults(Map<String, String> config, Map<String, String> credentials) {
    var faults = new ArrayList<>(SCHEMA.faults(config, credentials));
    if (faults.isEmpty() && source(credentials).isEmpty()) {
      faults.add(
          new Fault("/credentials/token", "must be a token of a Hookdeck source, as it is shown"));
    }
    return faults;
  }

  /// The id that the token begins with, when it can stand in a path.
  private static Optional<String> source(Map<String, String> credentials) {
    try {
      var token = Base64.getDecoder().decode(credentials.getOrDefault(TOKEN, ""));
      var text = new String(token, StandardCharsets.UTF_8);
      int colon = text.indexOf(':');
      return colon < 1 || colon == text.length() - 1
          ? Optional.empty()
          : Optional.of(text.substring(0, colon)).filter(id -> id.matches("[A-Za-z0-9_-]{1,128}"));
    } catch (IllegalArgumentException notBase64) {
      return Optional.empty();
    }
  }

  @Override
  public Call call(Map<String, String> config, Map<String, String> credentials, Outgoing outgoing) {
    var target = target(events, "/" + known(credentials));
    var headers = WebhookCall.hookdeck(credentials.getOrDefault(TOKEN, ""), outgoing);
    return new Call("POST", target, headers, outgoing.data());
  }

  private static String known(Map<String, String> credentials) {
    return source(credentials)
        .orElseThrow(() -> new IllegalArgumentException("its token names no Hookdeck source"));
  }

  private static Call.Target target(URI base, String path) {
    return WebhookType.target(base + path, "the URL of its Hookdeck source");
  }

  @Override
  public Probe probe(Map<String, String> config, Map<String, String> credentials) {
    var path = "/2025-01-01/sources/" + known(credentials) + "/managed/verify";
    var headers = Headers.of("x-hookdeck-source-token", credentials.getOrDefault(TOKEN, ""));
    return new Probe(
        new Call("GET", target(api, path), headers, Bytes.EMPTY), status -> status == 200);
  }

  @Override
  public Target target(Map<String, String> config) {
    return new Target("Hookdeck", "https://dashboard.hookdeck.com/sources");
  }
}
