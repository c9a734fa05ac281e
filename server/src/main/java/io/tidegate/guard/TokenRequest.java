package io.tidegate.guard;

import io.tidegate.base.Bytes;
import io.tidegate.base.Secret;
import io.tidegate.guard.Credentials.Given;
import io.tidegate.http.Call;
import io.tidegate.http.Client;
import io.tidegate.http.Client.Limits;
import io.tidegate.http.Client.Result;
import io.tidegate.http.Headers;
import io.tidegate.http.Reply;
import io.tidegate.http.TargetUrl;
import io.tidegate.plan.GuardSpec;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;

/// One request to an authorization server (RFC 6749, 4.4), and what its answer means.
final class TokenRequest {
  private static final Limits LIMITS =
      new Limits(
          Duration.ofSeconds(5),
          Duration.ofSeconds(5),
          Duration.ofSeconds(10),
          Duration.ofSeconds(15),
          64 << 10);

  private static final Duration USUAL_LIFE = Duration.ofMinutes(5);
  private static final long SHORTEST = 1;
  private static final long LONGEST = Duration.ofHours(24).toSeconds();
  private static final int MOST_CHARACTERS = 16 << 10;
  private static final int OK = 200;

  private final GuardSpec.OAuth2 spec;
  private final Client client;
  private final Call call;

  /// What came back.
  sealed interface Answer {

    /// @param life how long it is good, from now on
    record Token(Secret token, Duration life) implements Answer {}

    record None(Given.Missing why) implements Answer {}
  }

  TokenRequest(GuardSpec.OAuth2 spec, Client client) {
    this.spec = spec;
    this.client = client;
    this.call = call(spec);
  }

  private static Call call(GuardSpec.OAuth2 spec) {
    var form = new StringBuilder("grant_type=client_credentials");
    spec.scope().ifPresent(scope -> form.append("&scope=").append(encoded(scope)));
    spec.audience().ifPresent(audience -> form.append("&audience=").append(encoded(audience)));
    var headers =
        Headers.of(
            "content-type",
            "application/x-www-form-urlencoded",
            "accept",
            "application/json",
            "user-agent",
            "Tidegate");
    var id = encoded(spec.clientId());
    var secret = encoded(spec.clientSecret().reveal());
    if (spec.inBody()) {
      form.append("&client_id=").append(id).append("&client_secret=").append(secret);
    } else {
      var pair = (id + ":" + secret).getBytes(StandardCharsets.US_ASCII);
      headers = headers.with("authorization", "Basic " + Base64.getEncoder().encodeToString(pair));
    }
    try {
      return new Call(
          "POST", TargetUrl.parse(spec.tokenUrl()), headers, Bytes.utf8(form.toString()));
    } catch (TargetUrl.Unfit unfit) {
      throw new IllegalArgumentException("the token URL cannot be used: " + unfit.why(), unfit);
    }
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  Answer send() {
    return switch (client.send(call, LIMITS)) {
      case Result.Replied replied -> answer(replied.reply());
      case Result.Failed failed ->
          none("could not be asked (%s): %s".formatted(word(failed), failed.detail()));
    };
  }

  private static String word(Result.Failed failed) {
    return failed.failure().name().toLowerCase(Locale.ROOT);
  }

  private Answer answer(Reply reply) {
    if (reply.status() != OK) {
      return none("answered " + reply.status() + error(reply.body()));
    }
    var token = JsonText.at(reply.body(), "/access_token").filter(TokenRequest::isToken);
    if (token.isEmpty()) {
      return none("answered without an access_token that can be sent");
    }
    var type = JsonText.at(reply.body(), "/token_type").orElse("bearer");
    if (!type.equalsIgnoreCase("bearer")) {
      return none("gives tokens of another type than bearer");
    }
    return new Answer.Token(new Secret(token.get()), life(reply.body()));
  }

  /// The code that the standard names, and nothing else of what a stranger wrote.
  private static String error(Bytes body) {
    return JsonText.at(body, "/error")
        .filter(code -> code.matches("[a-z_]{1,40}"))
        .map(code -> " " + code)
        .orElse("");
  }

  private static boolean isToken(String text) {
    return !text.isEmpty()
        && text.length() <= MOST_CHARACTERS
        && text.chars().allMatch(c -> c > ' ' && c < 0x7f);
  }

  private static Duration life(Bytes body) {
    Optional<String> seconds =
        JsonText.at(body, "/expires_in").filter(text -> text.matches("[0-9]{1,9}"));
    return seconds
        .map(Long::parseLong)
        .map(life -> Duration.ofSeconds(Math.clamp(life, SHORTEST, LONGEST)))
        .orElse(USUAL_LIFE);
  }

  private Answer none(String what) {
    return new Answer.None(missing(what));
  }

  Given.Missing missing(String what) {
    return new Given.Missing("the token server of guard " + spec.name() + " " + what);
  }
}
