package io.tidegate.edge;

import io.netty.buffer.Unpooled;
import io.tidegate.base.Bytes;
import io.tidegate.http.Headers;
import io.tidegate.http.Problem;
import io.tidegate.http.Reply;
import io.tidegate.http.Request;
import io.tidegate.http.Responder;
import io.tidegate.http.Session;
import io.tidegate.http.Tenure;
import io.tidegate.http.Tracing;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.internal.buffer.BufferInternal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One request on a socket and the way back to its sender.
///
///     began --body read--> handled --reply or open--> answered --> finished
///     any of them --peer leaves--> gone
///
/// Everything happens on the loop's thread, except that `reply`, `open` and `onGone` may be called
/// from any; they bring themselves there.
final class Exchange implements Responder {
  private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);

  /// So much of a body that nobody wants is read to keep the connection.
  private static final long WORTH_READING = 64 << 10;

  /// CANCEL of HTTP/2.
  private static final long NO_REASON = 8;

  private static final Request UNREAD =
      new Request("", "http", "-", "-", "-", "", Headers.NONE, Bytes.EMPTY, "-", Map.of());

  private static final AtomicIntegerFieldUpdater<Exchange> ANSWERED =
      AtomicIntegerFieldUpdater.newUpdater(Exchange.class, "answered");

  private final Traffic traffic;
  private final Traffic.Observers observers;
  private final Peer peer;
  private final Loop loop;
  private final HttpServerRequest wire;
  private final HttpServerResponse out;
  private final RequestHead head;
  private final boolean http1;
  private final long began = System.nanoTime();

  private Request request = UNREAD;
  private Tracing.@Nullable Span span;
  private @Nullable BodyReader body;
  private OriginPolicy.@Nullable Grant grant;
  private List<Runnable> whenGone = List.of();
  private List<HeldSession> sessions = List.of();
  private Traffic.@Nullable Closing whenClosing;
  private long held;
  private boolean counted;
  private volatile int answered;
  private boolean last;
  private boolean gone;
  private boolean finished;

  Exchange(Traffic traffic, Peer peer, HttpServerRequest wire) {
    this.traffic = traffic;
    this.observers = traffic.observers();
    this.peer = peer;
    this.loop = peer.loop();
    this.wire = wire;
    this.out = wire.response();
    this.head = new RequestHead(wire, peer);
    this.http1 = wire.version() != HttpVersion.HTTP_2;
  }

  /// Reads the head; refuses what is wrong with it.
  Request begin() {
    peer.begin();
    observers.log().began();
    out.closeHandler(_ -> leave());
    request = head.read();
    if (!http1 || head.chunked || head.length > 0) {
      body = new BodyReader(this, wire, head.length);
    }
    counted = loop.requestBegan();
    if (!counted) {
      throw BodyReader.busy().refuse();
    }
    return followed();
  }

  private Request followed() {
    span = observers.tracing().begin(request);
    if (span != null) {
      request = span.request();
    }
    return request;
  }

  AccessLog log() {
    return observers.log();
  }

  /// A route was found.
  void accepted(Request routed) {
    var sessions = routed.sessions();
    observers
        .log()
        .accepted(
            routed,
            sessions.isEmpty() ? Optional.empty() : sessions.values().iterator().next().identity());
  }

  Loop loop() {
    return loop;
  }

  HttpServerRequest wire() {
    return wire;
  }

  HttpServerResponse out() {
    return out;
  }

  RequestHead head() {
    return head;
  }

  boolean http1() {
    return http1;
  }

  /// The head can go ahead of the body, which will be marked off as it comes.
  boolean marksOffBodies() {
    return wire.version() != HttpVersion.HTTP_1_0;
  }

  /// Who may see the reply, when the request came from another origin.
  void grant(OriginPolicy.@Nullable Grant allowed) {
    grant = allowed;
  }

  /// The request's body; absent when HTTP/1 has said that there is none.
  @Nullable BodyReader body() {
    return body;
  }

  /// Says that the body is welcome, to a client that asked.
  void invite() {
    if (head.continueExpected) {
      out.writeContinue();
    }
  }

  /// Books bytes that are kept in memory until the reply.
  boolean hold(long bytes) {
    if (!loop.bodies.take(bytes)) {
      return false;
    }
    held += bytes;
    return true;
  }

  boolean answered() {
    return answered != 0;
  }

  /// True for the first who wants to answer.
  private boolean claim() {
    return ANSWERED.compareAndSet(this, 0, 1);
  }

  boolean gone() {
    return gone;
  }

  void refuse(Problem problem) {
    reply(Reply.of(problem));
  }

  /// The same, and the connection ends with it.
  void refuseAndClose(Problem problem) {
    last = true;
    refuse(problem);
  }

  @Override
  public void reply(Reply reply) {
    if (claim()) {
      if (loop.here()) {
        send(reply);
      } else {
        loop.submit(() -> send(reply));
      }
    }
  }

  private void send(Reply reply) {
    if (gone) {
      return;
    }
    try {
      sendWhole(reply);
    } catch (IllegalArgumentException _) {
      LOG.atError()
          .addKeyValue("request", request.id())
          .addKeyValue("path", request.shownPath())
          .addKeyValue("status", reply.status())
          .addKeyValue("headers", reply.headers()) // names only
          .log("a reply has a status or a header that HTTP cannot carry");
      out.headers().clear();
      sendWhole(Reply.of(Problem.of(500, "bad_reply", "error " + head.id())));
    }
  }

  private void sendWhole(Reply reply) {
    ReplyHead.write(out, reply.status(), reply.headers(), grant);
    out.headers().set(ReplyHead.REQUEST_ID, (CharSequence) head.id());
    ReplyHead.length(out, reply, wantsNoBody());
    boolean close = settleInput();
    boolean bare = wantsNoBody() || reply.body().isEmpty();
    var written = bare ? out.end() : out.end(buffer(reply.body()));
    if (close) {
      written.onComplete(_ -> wire.connection().close());
    } else if (!http1) {
      SlowReader.watch(loop, out, written);
    }
    finish(reply.status(), bare ? 0 : reply.body().size());
  }

  @Override
  public void drop() {
    if (claim()) {
      loop.submit(() -> {
        if (!gone) {
          out.reset(NO_REASON);
          dismiss(AccessLog.GONE, 0);
        }
      });
    }
  }

  @Override
  public Outflow open(int status, Headers headers) {
    var flow = new StreamedReply(this);
    if (claim()) {
      flow.start(status, headers);
    } else {
      flow.late();
    }
    return flow;
  }

  /// Prepares the head of a reply that is streamed. True when the connection ends with the reply.
  boolean start(int status, Headers headers) {
    ReplyHead.write(out, status, headers, grant);
    out.headers().set(ReplyHead.REQUEST_ID, (CharSequence) head.id());
    var length = headers.first("content-length");
    if (length.isPresent()) {
      out.headers().set(HttpHeaders.CONTENT_LENGTH, length.get());
    } else {
      unsized();
    }
    return settleInput();
  }

  private void unsized() {
    last |= wire.version() == HttpVersion.HTTP_1_0;
    if (http1 && wire.version() != HttpVersion.HTTP_1_0) {
      out.setChunked(true);
    }
  }

  /// Begins a reply that flows while the request's body may flow too. False when it is too late.
  boolean startPipe(int status, Headers headers, long length) {
    if (gone || !claim()) {
      return false;
    }
    ReplyHead.write(out, status, headers, grant);
    out.headers().set(ReplyHead.REQUEST_ID, (CharSequence) head.id());
    if (length >= 0) {
      out.headers().set(HttpHeaders.CONTENT_LENGTH, Long.toString(length));
    } else if (status != 204 && status != 304 && !wantsNoBody()) {
      unsized();
    }
    last |= traffic.closing();
    if (http1 && last) {
      out.headers().set(HttpHeaders.CONNECTION, "close");
    }
    return true;
  }

  /// Leaves HTTP behind for good: from now on the socket is the only way to the peer.
  ///
  /// @param protocol that was agreed on, or an empty text
  Future<ServerWebSocket> upgrade(String protocol) {
    if (gone || !claim()) {
      return Future.failedFuture("nobody waits for it any more");
    }
    out.headers().set(ReplyHead.REQUEST_ID, (CharSequence) head.id());
    if (!protocol.isEmpty()) {
      out.headers().set("sec-websocket-protocol", protocol);
    }
    peer.raw();
    return wire.toWebSocket()
        .andThen(accepted -> finish(accepted.succeeded() ? WebSockets.SWITCHED : 400, 0));
  }

  /// Ends it. What is left of the request's body is nobody's any more.
  void endPipe(int status, long sent) {
    boolean close = settleInput();
    var written = out.end();
    if (close) {
      written.onComplete(_ -> wire.connection().close());
    }
    finish(status, sent);
  }

  /// HEAD is answered as GET would be, but for the body.
  boolean wantsNoBody() {
    return HttpMethod.HEAD.equals(wire.method());
  }

  /// Decides what becomes of a body that has not been read. True when the connection must end.
  private boolean settleInput() {
    last |= traffic.closing();
    var input = body;
    if (input != null && !input.complete()) {
      if (http1 && (last || head.continueExpected || input.left() > WORTH_READING)) {
        peer.inputUnread();
        last = true;
      }
      input.discard();
    }
    if (http1 && last && !out.headWritten()) {
      out.headers().set(HttpHeaders.CONNECTION, "close");
    }
    return http1 && last;
  }

  /// The rest of an unwanted body is through.
  void inputEnded() {
    if (finished) {
      peer.end();
    }
  }

  /// The body stopped coming.
  void stalled() {
    if (answered()) {
      wire.connection().close();
    } else {
      refuseAndClose(Problem.of(408, "body_too_slow", "the body stopped coming"));
    }
  }

  /// The reply is on its way; nothing of the request is held any longer.
  void finish(int status, long sent) {
    if (finished) {
      return;
    }
    finished = true;
    whenGone = List.of();
    letGo();
    if (held > 0) {
      loop.bodies.give(held);
    }
    if (counted) {
      loop.requestEnded();
    }
    var input = body;
    if (input == null || input.complete() || gone) {
      peer.end();
    }
    var received = input == null ? 0 : input.received();
    var nanos = System.nanoTime() - began;
    observers.log().replied(request, new AccessLog.Completion(status, received, sent, nanos));
    if (span != null) {
      span.end(status);
    }
  }

  private void letGo() {
    for (var session : sessions) {
      peer.release(session);
      traffic.tenures().release(session);
    }
    if (whenClosing != null) {
      traffic.forget(whenClosing);
    }
  }

  /// The caller has proved itself again.
  Reply renew(Session proved) {
    return traffic.tenures().renew(request, proved, peer.held());
  }

  @Override
  public Tenure hold(Session session) {
    var tenure = traffic.tenures().hold(session, !http1);
    if (sessions.isEmpty()) {
      sessions = new ArrayList<>(1);
    }
    sessions.add(tenure);
    peer.hold(tenure);
    return tenure;
  }

  @Override
  public void onClosing(Runnable action) {
    if (!loop.here()) {
      loop.submit(() -> onClosing(action));
    } else if (!finished) {
      whenClosing = traffic.whenClosing(action);
    }
  }

  private void leave() {
    if (finished || gone) {
      return;
    }
    gone = true;
    var actions = whenGone;
    finish(AccessLog.GONE, 0);
    actions.forEach(this::runWhenGone);
  }

  private void runWhenGone(Runnable action) {
    try {
      action.run();
    } catch (RuntimeException bug) {
      LOG.atError().addKeyValue("request", request.id()).setCause(bug).log("clean-up failed");
    }
  }

  @Override
  public void onGone(Runnable action) {
    if (!loop.here()) {
      loop.submit(() -> onGone(action));
    } else if (gone) {
      runWhenGone(action);
    } else if (!finished) {
      if (whenGone.isEmpty()) {
        whenGone = new ArrayList<>(2);
      }
      whenGone.add(action);
    }
  }

  /// A HEAD or an aborted stream: whoever writes on learns that nobody listens.
  void dismiss(int status, long sent) {
    var actions = whenGone;
    finish(status, sent);
    gone = true;
    actions.forEach(this::runWhenGone);
  }

  static Buffer buffer(Bytes bytes) {
    return BufferInternal.buffer(Unpooled.wrappedBuffer(bytes.array()));
  }

  Duration since() {
    return Duration.ofNanos(System.nanoTime() - began);
  }
}
