package io.tidegate.delivery;

import io.tidegate.base.Secret;
import io.tidegate.delivery.RecordHeaders.Refusal;
import io.tidegate.delivery.RecordRequests.Asked;
import io.tidegate.delivery.RecordRequests.Prepared;
import io.tidegate.delivery.Signer.Signed;
import io.tidegate.guard.Credentials;
import io.tidegate.guard.Credentials.Given;
import io.tidegate.http.Call;
import io.tidegate.http.Client;
import io.tidegate.log.Stored;
import io.tidegate.plan.OutboundHttp;
import io.tidegate.plan.Pump;

/// Sends the records of one topic of a pump to the URLs in their keys, signed and with credentials,
/// and tells what came of it. Made by `HttpSenders`. Any number of threads.
///
/// What a record may say is in `RecordRequests` and `RecordHeaders`, how a request without a name is
/// named in `RequestHash`, what is made of answers in `Verdicts`, what is told in `ReplyRecords` and
/// `DeadLetterRecords`.
///
///     record --asked--> request --prepare--> call --credentials--> --signed--> Client --> Attempt
///        |                                                                                  |
///        '--never, nothing--> Routing                          reply topic, dead letters <--'
public final class HttpSender implements Sender {
  private static final int UNAUTHORIZED = 401;

  private final Pump pump;
  private final HttpSenders.Needs needs;
  private final RecordRequests requests;
  private final Signer signer;
  private final Verdicts verdicts;
  private final Reports reports;

  HttpSender(Pump pump, String topic, HttpSenders.Needs needs, Signer signer, Outbox outbox) {
    this.pump = pump;
    this.needs = needs;
    this.requests = new RecordRequests(pump, topic);
    this.signer = signer;
    this.verdicts = new Verdicts(pump.retry(), needs.time());
    this.reports = new Reports(pump, topic, requests, outbox);
  }

  @Override
  public Routing route(Stored record) {
    return switch (requests.asked(record)) {
      case Asked.Nothing() -> new Routing.Skip();
      case Asked.Never(var _, var cause) -> new Routing.Refuse(cause);
      case Asked.Request request -> new Routing.To(request.lane(), request.authority());
    };
  }

  @Override
  public Attempt send(Stored record, Routing.To to, int number) {
    return switch (requests.asked(record)) {
      case Asked.Nothing() ->
          Verdicts.never(Verdicts.REFUSED, "no route wants the record any more");
      case Asked.Never(var _, var cause) -> Verdicts.never(Verdicts.REFUSED, cause);
      case Asked.Request request -> send(record, request);
    };
  }

  private Attempt send(Stored record, Asked.Request request) {
    Prepared prepared;
    try {
      prepared = requests.prepare(record, request);
    } catch (Refusal refusal) {
      return Verdicts.never(Verdicts.REFUSED, refusal.why());
    }
    var exit = request.route().exit();
    var client = needs.clients().apply(exit);
    if (exit.authorization().isEmpty()) {
      return exchange(client, prepared.call(), prepared.id());
    }
    var authorization = exit.authorization().get();
    var credentials = needs.credentials().apply(authorization.guard());
    if (credentials.isEmpty()) {
      return Verdicts.failed(
          Verdicts.CREDENTIALS, "guard " + authorization.guard() + " gives no credentials");
    }
    return withCredentials(client, prepared, authorization, credentials.get());
  }

  /// A receiver that does not take the credentials is asked once more with new ones, if there are
  /// any.
  private Attempt withCredentials(
      Client client,
      Prepared prepared,
      OutboundHttp.Authorization authorization,
      Credentials credentials) {
    switch (credentials.now()) {
      case Given.Missing(var why) -> {
        return Verdicts.failed(Verdicts.CREDENTIALS, why);
      }
      case Given.Here(var text) -> {
        var first = exchange(client, shown(prepared, authorization, text), prepared.id());
        var refused = first.reply().map(it -> it.status() == UNAUTHORIZED).orElse(false);
        if (!refused || !credentials.renew(text)) {
          return first;
        }
        return credentials.now() instanceof Given.Here(var next)
            ? exchange(client, shown(prepared, authorization, next), prepared.id())
            : first;
      }
    }
  }

  private static Call shown(
      Prepared prepared, OutboundHttp.Authorization authorization, Secret text) {
    var call = prepared.call();
    var value = authorization.pattern().replace("{credentials}", text.reveal());
    var headers = HeaderOverrides.set(call.headers(), authorization.header(), value);
    return new Call(call.method(), call.target(), headers, call.body());
  }

  private Attempt exchange(Client client, Call call, String id) {
    return switch (signer.sign(call, id)) {
      case Signed.NotNow(var why) -> Verdicts.failed(Verdicts.SIGNING, why);
      case Signed.Never(var why) -> Verdicts.never(Verdicts.SIGNING, why);
      case Signed.Ready(var signed) -> verdicts.of(client.send(signed, Verdicts.limits(pump)));
    };
  }

  @Override
  public void report(Stored record, Report report) {
    reports.tell(record, report);
  }

  /// Nothing: what it uses belongs to `HttpSenders` and to whoever made the clients.
  @Override
  public void close() {}
}
