package io.tidegate.edge;

import io.tidegate.http.Headers;
import io.tidegate.http.Problem;
import io.tidegate.http.Request;
import io.tidegate.http.SessionWatch;
import io.vertx.core.AsyncResult;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.net.HostAndPort;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One request on its way through to another server, and the reply on its way back. Bytes flow in
/// both directions as fast as the slower side takes them.
///
///     connecting --connected--> waiting --head--> flowing --end--> over
///     before the head: 502, 503 or 504; after it: the reply is broken off
final class Relay extends Watch.Entry {
  private static final Logger LOG = LoggerFactory.getLogger(Relay.class);
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(60);

  /// Between two pieces of a reply; long, since a stream of events may be silent for a while.
  private static final long BODY_PATIENCE = Duration.ofMinutes(5).toNanos();

  private static final String EVENT_STREAM = "text/event-stream";
  private static final long CANCEL = 8;

  /// May be sent again when the connection turns out to have been closed meanwhile.
  private static final Set<String> REPEATABLE = Set.of("GET", "HEAD", "OPTIONS", "PUT", "DELETE");

  private final Exchange exchange;
  private final Request request;
  private final OutboundClient client;
  private final Loop loop;
  private final RequestRules.@Nullable Rule rule;

  private @Nullable SessionWatch session;
  private final EventBoundary boundary = new EventBoundary();

  /// The body has been read, and goes in one piece.
  private final boolean isWhole;

  private final @Nullable BodyReader body;

  private @Nullable HttpClientRequest outbound;
  private @Nullable Buffer early;
  private @Nullable ReplyPipe pipe;
  private boolean bodyEnded;
  private boolean repeated;
  private boolean over;
  private long waitingSince;
  private long patience = PATIENCE;

  /// @param session of the caller of an event stream, which it does not outlast; null for other
  ///   replies
  Relay(
      Exchange exchange,
      Request request,
      OutboundClient client,
      RequestRules.@Nullable Rule rule,
      @Nullable SessionWatch session) {
    this.session = session;
    this.exchange = exchange;
    this.request = request;
    this.client = client;
    this.loop = exchange.loop();
    this.rule = rule;
    this.isWhole = rule != null && rule.hasContent();
    this.body = isWhole ? null : exchange.body();
  }

  void start() {
    exchange.onGone(this::cancel);
    connect();
    if (body != null) {
      exchange.invite();
      body.stream(this::send, this::sendEnd);
    }
  }

  private void connect() {
    waitingSince = loop.now();
    patience = PATIENCE;
    loop.watch.enter(this);
    client.request(request.method(), request.target()).onComplete(this::connected);
  }

  private void connected(AsyncResult<HttpClientRequest> connected) {
    if (connected.failed()) {
      fail(connected.cause());
      return;
    }
    var out = connected.result();
    if (over) {
      out.reset(CANCEL);
      return;
    }
    outbound = out;
    waitingSince = loop.now();
    writeHead(out);
    out.exceptionHandler(this::fail);
    out.response().onComplete(this::replied);
    if (isWhole) {
      out.end(Exchange.buffer(request.body()));
    } else if (body == null || (bodyEnded && early == null)) {
      out.end();
    } else {
      sendEarly(out, body);
    }
  }

  private void writeHead(HttpClientRequest out) {
    out.authority(HostAndPort.parseAuthority(request.authority(), -1));
    for (var field : request.headers()) {
      if (!field.name().equals("content-length")) {
        out.headers().add(field.name(), FieldText.sent(field.value()));
      }
    }
    if (isWhole) {
      out.putHeader("content-length", Integer.toString(request.body().size()));
      return;
    }
    boolean empty = body == null || (bodyEnded && early == null);
    if (exchange.head().length >= 0) {
      out.putHeader("content-length", Long.toString(exchange.head().length));
    } else if (!empty) {
      out.setChunked(true);
    }
  }

  private void sendEarly(HttpClientRequest out, BodyReader from) {
    var held = early;
    early = null;
    if (held != null) {
      send(held);
    }
    if (bodyEnded) {
      out.end();
    } else if (!out.writeQueueFull()) {
      from.resume();
    }
  }

  private void send(Buffer piece) {
    var out = outbound;
    var from = body;
    if (over || from == null) {
      return;
    }
    if (out == null) {
      early = early == null ? piece : early.appendBuffer(piece);
      from.pause();
      return;
    }
    waitingSince = loop.now();
    out.write(piece);
    if (out.writeQueueFull()) {
      from.pause();
      out.drainHandler(_ -> from.resume());
    }
  }

  private void sendEnd() {
    bodyEnded = true;
    var out = outbound;
    if (out != null && !over) {
      out.end();
    }
  }

  private void replied(AsyncResult<HttpClientResponse> replied) {
    if (over) {
      return;
    }
    if (replied.failed()) {
      fail(replied.cause());
      return;
    }
    waitingSince = loop.now();
    var in = replied.result();
    if (!isEventStream(in)) {
      session = null;
    }
    patience = session == null ? BODY_PATIENCE : Long.MAX_VALUE; // events may be rare
    in.exceptionHandler(this::fail);
    var headers = headers(in);
    var check = rule == null ? null : rule.reply(in.statusCode(), headers);
    if (check != null && RequestRules.unfit(check, headers).isPresent()) {
      refuseReply("header '" + RequestRules.unfit(check, headers).get() + "'");
      return;
    }
    var to = new ReplyPipe(exchange, in::pause, in::resume);
    pipe = to;
    if (check != null && check.content().isPresent() && hasBody(in.statusCode())) {
      flowChecked(in, to, new CheckedReply(check.content().get()));
    } else {
      in.handler(piece -> {
        waitingSince = loop.now();
        to.write(piece);
        if (session != null) {
          boundary.passed(piece).ifPresent(to::write);
        }
      });
      in.endHandler(_ -> replyEnded(to));
    }
    if (!to.start(in.statusCode(), headers, length(in))) {
      cancel();
    } else if (check != null && exchange.marksOffBodies()) {
      var _ = exchange.out().writeHead(); // so that a reply that breaks off is seen to do so
    }
  }

  private static boolean isEventStream(HttpClientResponse in) {
    var type = in.getHeader("content-type");
    return in.statusCode() == 200
        && type != null
        && type.regionMatches(true, 0, EVENT_STREAM, 0, EVENT_STREAM.length())
        && in.getHeader("content-encoding") == null;
  }

  private boolean hasBody(int status) {
    return !exchange.wantsNoBody() && status != 204 && status != 304;
  }

  private void flowChecked(HttpClientResponse in, ReplyPipe to, CheckedReply reply) {
    in.handler(piece -> {
      waitingSince = loop.now();
      if (!over && !reply.add(piece)) {
        refuseReply("body, which is too large to be judged,");
      }
    });
    in.endHandler(_ -> {
      if (over) {
        return;
      }
      if (reply.fits()) {
        to.write(reply.body());
        replyEnded(to);
      } else {
        refuseReply("body");
      }
    });
  }

  private void refuseReply(String what) {
    LOG.atWarn()
        .addKeyValue("request", request.id())
        .addKeyValue("path", request.shownPath())
        .log("the {} of a reply does not fit its model", what);
    finish(Problem.of(502, "invalid_reply", "The reply does not have the form it should have."));
  }

  private void replyEnded(ReplyPipe to) {
    over = true;
    loop.watch.leave(this);
    to.end();
    var out = outbound;
    if (out != null && body != null && !bodyEnded) {
      out.reset(CANCEL); // it has its answer and needs no more of the body
    }
  }

  private static Headers headers(HttpClientResponse in) {
    var fields = new ArrayList<Headers.Field>(in.headers().size());
    for (var field : in.headers()) {
      var value = field.getValue();
      fields.add(new Headers.Field(field.getKey(), FieldText.lenient(value)));
    }
    return Headers.of(fields);
  }

  private static long length(HttpClientResponse in) {
    var length = in.getHeader("content-length");
    try {
      return length == null ? -1 : Long.parseLong(length);
    } catch (NumberFormatException _) {
      return -1;
    }
  }

  private void fail(Throwable cause) {
    if (over) {
      return;
    }
    if (pipe == null && body == null && !repeated && stale(cause)) {
      repeated = true;
      outbound = null;
      loop.watch.leave(this);
      connect();
      return;
    }
    LOG.atWarn()
        .addKeyValue("request", request.id())
        .addKeyValue("upstream", request.authority())
        .addKeyValue("cause", cause.toString())
        .log("the upstream server failed");
    finish(
        cause instanceof ConnectionPoolTooBusyException
            ? BodyReader.busy()
            : Problem.of(502, "bad_gateway", "the server behind this one did not answer"));
  }

  private boolean stale(Throwable cause) {
    return outbound != null
        && cause instanceof io.vertx.core.http.HttpClosedException
        && REPEATABLE.contains(request.method());
  }

  private void finish(Problem problem) {
    var to = pipe;
    stop();
    if (to == null) {
      exchange.refuse(problem);
    } else {
      to.abort();
    }
  }

  private void cancel() {
    if (!over) {
      stop();
    }
  }

  private void stop() {
    over = true;
    loop.watch.leave(this);
    var out = outbound;
    if (out != null) {
      out.reset(CANCEL);
    }
  }

  /// The body may take its time, as long as it moves; the head of the reply may not.
  @Override
  void check(long now) {
    if (session != null && pipe != null) {
      look(session, pipe);
    }
    if (!over && now - waitingSince > patience) {
      finish(
          Problem.of(504, "gateway_timeout", "the server behind this one took too long")
              .retryAfter(Duration.ofSeconds(1)));
    }
  }

  private void look(SessionWatch caller, ReplyPipe to) {
    switch (caller.look(Instant.now())) {
      case SessionWatch.Look.Fine() -> {}
      case SessionWatch.Look.Challenge(var data) -> boundary.say(data).ifPresent(to::write);
      case SessionWatch.Look.Over() -> {
        stop();
        to.abort();
      }
    }
  }
}
