package io.tidegate.app;

import io.tidegate.base.Secret;
import io.tidegate.base.Time;
import io.tidegate.edge.BindFailure;
import io.tidegate.edge.Edge;
import io.tidegate.edge.EdgeLimits;
import io.tidegate.edge.HttpListener;
import io.tidegate.guard.SignatureCheck;
import io.tidegate.guard.SignaturePresets;
import io.tidegate.guard.SigningSecret;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "listen",
    description = {
      "Receives webhooks, shows each of them, and fails on demand:",
      "a server to watch deliveries and retries with."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    footer = {
      "",
      "  tidegate listen --fail-first 3                three failures, then it goes well",
      "  tidegate listen --path /dead=500 --path /slow=delay:10s --path /gone=410",
      "  tidegate listen --path /flaky=503,rate:0.3,retry-after:5 --path /rude=drop",
      "  tidegate listen --secret whsec_...            checks signatures, wrong ones get 401"
    })
final class ListenCommand implements Callable<Integer> {
  @Option(
      names = {"-p", "--port"},
      paramLabel = "PORT",
      defaultValue = "7200",
      description = "Where to listen; 0 for a free port (default: ${DEFAULT-VALUE}).")
  private int port;

  @Option(
      names = "--host",
      paramLabel = "HOST",
      defaultValue = "127.0.0.1",
      description = "The address to listen on (default: ${DEFAULT-VALUE}).")
  private String host = "";

  @Option(
      names = "--status",
      paramLabel = "STATUS",
      description = "What every request gets; with the next two, what those that fail get (503).")
  private @Nullable Integer status;

  @Option(
      names = "--fail-first",
      paramLabel = "N",
      description = "The first N requests of each path fail.")
  private @Nullable Integer failFirst;

  @Option(
      names = "--fail-rate",
      paramLabel = "SHARE",
      description = "So many fail at random: 0.3 for three out of ten.")
  private @Nullable Double failRate;

  @Option(names = "--drop", description = "Failures are closed connections, without an answer.")
  private boolean drop;

  @Option(
      names = "--delay",
      paramLabel = "TIME",
      description = "How long to wait before answering: 500ms, 2s, 1m.")
  private @Nullable String delay;

  @Option(names = "--retry-after", paramLabel = "SECONDS", description = "Sent with failures.")
  private @Nullable Integer retryAfter;

  @Option(
      names = "--path",
      paramLabel = "PATH=HOW",
      description = "How one path is answered, whatever is said for the others (see below).")
  private List<String> paths = List.of();

  @Option(
      names = "--secret",
      paramLabel = "SECRET",
      description = "Checks signatures with it; several while a secret is changed.")
  private List<String> secrets = List.of();

  @Option(
      names = "--preset",
      paramLabel = "NAME",
      defaultValue = "standard-webhooks",
      description = "How requests are signed (default: ${DEFAULT-VALUE}), or svix, hmac, ...")
  private String preset = "";

  @Option(
      names = "--parameter",
      paramLabel = "NAME=VALUE",
      description = "Of the preset: --preset hmac --parameter header=x-signature")
  private Map<String, String> parameters = Map.of();

  @Option(
      names = "--header",
      paramLabel = "NAME",
      description = "Shows this header, or x-*; otherwise all but the usual ones are shown.")
  private Set<String> headers = Set.of();

  @Option(
      names = "--body",
      paramLabel = "LENGTH",
      defaultValue = "600",
      description = "Characters of a body that are shown (default: ${DEFAULT-VALUE}).")
  private int body;

  @Option(names = "--json", description = "A line of JSON for each request.")
  private boolean json;

  @Option(names = "--quiet", description = "Shows no requests, only their number at the end.")
  private boolean quiet;

  @Override
  public Integer call() throws InterruptedException {
    var usual = new Manner.Words(status, drop, failFirst, failRate, delay, retryAfter).manner();
    var tally = new Tally();
    var edge = Edge.open(EdgeLimits.defaults());
    try (var workers = Executors.newVirtualThreadPerTaskExecutor()) {
      var receiver = new Receiver(manners(), usual, check(), shown(tally), workers, Time.system());
      var listener = HttpListener.start(edge, "listen", host, port, receiver);
      greet(listener.ports().getFirst(), usual);
      awaitStop(listener, tally);
    } catch (BindFailure failure) {
      throw new UserFault(failure);
    } finally {
      edge.close();
    }
    return 0;
  }

  /// Until Ctrl-C or `kill`.
  private static void awaitStop(HttpListener listener, Tally tally) throws InterruptedException {
    var stop = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform()
                .name("shutdown")
                .unstarted(() -> {
                  listener.close();
                  System.err.print(tally.text());
                  System.err.flush();
                  stop.countDown();
                }));
    stop.await();
  }

  private Consumer<Received> shown(Tally tally) {
    var text = new ReceivedText(headers, body, json, ZoneId.systemDefault());
    return received -> {
      tally.add(received);
      if (!quiet) {
        System.out.println(text.of(received));
        System.out.flush();
      }
    };
  }

  private Map<String, Manner> manners() {
    var manners = new HashMap<String, Manner>();
    for (var path : paths) {
      var equals = path.indexOf('=');
      if (!path.startsWith("/") || equals < 0) {
        throw new UserFault("'" + path + "' is not PATH=HOW, such as /dead=500");
      }
      manners.put(path.substring(0, equals), Manner.parse(path.substring(equals + 1)));
    }
    return manners;
  }

  private Optional<SignatureCheck> check() {
    if (secrets.isEmpty()) {
      return Optional.empty();
    }
    try {
      var scheme = SignaturePresets.of(preset, parameters);
      var live = new ArrayList<SigningSecret>();
      for (var secret : secrets) {
        var name = "secret " + (live.size() + 1);
        SignatureCheck.fault(scheme, secret)
            .ifPresent(fault -> {
              throw new UserFault(name + " " + fault);
            });
        live.add(SigningSecret.lasting(name, new Secret(secret)));
      }
      return Optional.of(SignatureCheck.of(scheme, live, Time.system()));
    } catch (IllegalArgumentException unusable) {
      throw new UserFault(String.valueOf(unusable.getMessage()));
    }
  }

  private void greet(int actualPort, Manner usual) {
    System.err.printf("listening on http://%s:%d (%s)%n", host, actualPort, usual);
    manners().forEach((path, manner) -> System.err.printf("  %s: %s%n", path, manner));
    if (host.equals("127.0.0.1") || host.equals("localhost")) {
      System.err.println(
          "  a kafka-http binding reaches it with  addresses: {allow: [127.0.0.0/8]}");
    }
    System.err.flush();
  }
}
