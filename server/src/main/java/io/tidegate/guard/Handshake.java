package io.tidegate.guard;

import io.tidegate.base.Secret;
import io.tidegate.guard.Checked.Denied;
import io.tidegate.guard.Checked.Verified;
import io.tidegate.http.Headers;
import io.tidegate.http.Problem;
import io.tidegate.http.Reply;
import io.tidegate.http.Request;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/// A question by which a sender makes sure that an endpoint wants its events. Answered before
/// anything is stored, and only where an endpoint has that handshake switched on. Any thread; never
/// blocks.
public sealed interface Handshake {

  /// What to do with a request that may be a handshake.
  ///
  /// @param url the full URL as the sender knows it
  Answer answer(Request request, String url);

  /// The method it comes with, which the endpoint has to let through.
  default String method() {
    return "POST";
  }

  sealed interface Answer {

    /// An ordinary request.
    record NotOne() implements Answer {}

    /// The sender gets this reply; nothing is stored.
    record Respond(Reply reply) implements Answer {}

    /// The caller gets the problem.
    ///
    /// @param detail for the operator alone
    record Refuse(Problem problem, String detail) implements Answer {}

    /// The endpoint has to get the certificate, see that the message is `signedBy` it, and then get
    /// the confirmation URL; the sender gets a 200 meanwhile. Both URLs are Amazon's.
    record Visit(URI certificate, URI confirmation, SnsMessage message) implements Answer {}
  }

  /// Slack: a signed POST `{"type":"url_verification","challenge":…}`; the challenge comes back.
  record Slack(SignatureCheck check) implements Handshake {
    @Override
    public Answer answer(Request request, String url) {
      if (!HandshakeField.is(request, "/type", "url_verification")) {
        return new Answer.NotOne();
      }
      return switch (check.check(request, url)) {
        case Denied denied -> new Answer.Refuse(denied.problem(), denied.detail());
        case Verified _ ->
            JsonText.at(request.body(), "/challenge")
                .map(Reflected::text)
                .orElseGet(() -> Reflected.refused(400, "there is no challenge"));
      };
    }
  }

  /// Meta: GET with `hub.mode=subscribe`, our `hub.verify_token` and a `hub.challenge`.
  record Meta(Secret verifyToken) implements Handshake {
    @Override
    public String method() {
      return "GET";
    }

    @Override
    public Answer answer(Request request, String url) {
      if (!HandshakeField.query(request, "hub.mode").equals(Optional.of("subscribe"))) {
        return new Answer.NotOne();
      }
      var token = HandshakeField.query(request, "hub.verify_token");
      if (verifyToken.reveal().isBlank() || !token.map(verifyToken::matches).orElse(false)) {
        return Reflected.refused(403, "hub.verify_token is not ours");
      }
      return HandshakeField.query(request, "hub.challenge")
          .map(Reflected::text)
          .orElseGet(() -> Reflected.refused(400, "there is no hub.challenge"));
    }
  }

  /// Microsoft Graph: POST with `validationToken` in the query; it comes back decoded.
  record MicrosoftGraph() implements Handshake {
    @Override
    public Answer answer(Request request, String url) {
      return HandshakeField.query(request, "validationToken")
          .map(Reflected::text)
          .orElseGet(Answer.NotOne::new);
    }
  }

  /// CloudEvents: OPTIONS with `WebHook-Request-Origin`; an origin that may send is named back,
  /// with the number of events a minute it may send. A callback URL is not called: the reply
  /// grants.
  ///
  /// @param origins who may send; `*` for anyone
  /// @param rate events a minute; empty for no limit
  record CloudEvents(Set<String> origins, OptionalInt rate) implements Handshake {
    public CloudEvents {
      origins = Set.copyOf(origins);
    }

    @Override
    public String method() {
      return "OPTIONS";
    }

    @Override
    public Answer answer(Request request, String url) {
      var origin = request.headers().first("webhook-request-origin");
      if (origin.isEmpty()) {
        return new Answer.NotOne();
      }
      if (!HandshakeField.isHost(origin.get())
          || !(origins.contains("*") || origins.contains(origin.get()))) {
        return Reflected.refused(403, "WebHook-Request-Origin is not one that may send");
      }
      return Reflected.headers(
          Headers.of(
              "allow",
              "POST",
              "webhook-allowed-origin",
              origin.get(),
              "webhook-allowed-rate",
              rate.isPresent() ? Integer.toString(rate.getAsInt()) : "*"));
    }
  }

  /// Azure Event Grid: POST of one validation event; its code comes back.
  record EventGrid() implements Handshake {
    private static final String TYPE = "Microsoft.EventGrid.SubscriptionValidationEvent";

    @Override
    public Answer answer(Request request, String url) {
      var type = request.headers().first("aeg-event-type").orElse("");
      if (!type.equalsIgnoreCase("SubscriptionValidation")
          || !HandshakeField.is(request, "/0/eventType", TYPE)) {
        return new Answer.NotOne();
      }
      return JsonText.at(request.body(), "/0/data/validationCode")
          .map(code -> Reflected.json("validationResponse", code))
          .orElseGet(() -> Reflected.refused(400, "there is no data.validationCode"));
    }
  }

  /// Okta: GET with the challenge in a header, once.
  record Okta() implements Handshake {
    @Override
    public String method() {
      return "GET";
    }

    @Override
    public Answer answer(Request request, String url) {
      return request
          .headers()
          .first("x-okta-verification-challenge")
          .map(challenge -> Reflected.json("verification", challenge))
          .orElseGet(Answer.NotOne::new);
    }
  }

  /// Zoom: a signed POST `endpoint.url_validation`; the token comes back with its HMAC.
  record Zoom(SignatureCheck check) implements Handshake {
    @Override
    public Answer answer(Request request, String url) {
      if (!HandshakeField.is(request, "/event", "endpoint.url_validation")) {
        return new Answer.NotOne();
      }
      return switch (check.check(request, url)) {
        case Denied denied -> new Answer.Refuse(denied.problem(), denied.detail());
        case Verified(var secret, var _) -> {
          var token = HandshakeField.token(JsonText.at(request.body(), "/payload/plainToken"));
          yield token
              .flatMap(plain -> check.mac(secret, plain))
              .map(mac ->
                  Reflected.json(
                      "plainToken",
                      token.orElseThrow(),
                      "encryptedToken",
                      Encoding.HEX.encode(mac.array())))
              .orElseGet(() -> Reflected.refused(400, "payload.plainToken is no plain token"));
        }
      };
    }
  }

  /// X: GET with `crc_token`, at registration and about hourly; the HMAC of the token comes back.
  ///
  /// The question is not signed and the answer is made like the signature of a body: for this alone
  /// a token has to be one word. Else anyone could have an event signed that way.
  record X(SignatureCheck check) implements Handshake {
    @Override
    public String method() {
      return "GET";
    }

    @Override
    public Answer answer(Request request, String url) {
      var token = HandshakeField.query(request, "crc_token");
      if (token.isEmpty()) {
        return new Answer.NotOne();
      }
      return HandshakeField.token(token)
          .flatMap(plain -> check.mac("", plain))
          .map(mac -> "sha256=" + Encoding.BASE64.encode(mac.array()))
          .map(response -> Reflected.json("response_token", response))
          .orElseGet(() -> Reflected.refused(400, "crc_token is no plain token, or no secret"));
    }
  }

  /// Dropbox: GET with `challenge`; it comes back.
  record Dropbox() implements Handshake {
    @Override
    public String method() {
      return "GET";
    }

    @Override
    public Answer answer(Request request, String url) {
      return HandshakeField.query(request, "challenge")
          .map(Reflected::text)
          .orElseGet(Answer.NotOne::new);
    }
  }

  /// Amazon SNS: POST of a signed `SubscriptionConfirmation` with a URL to visit.
  ///
  /// @param topics ARNs whose subscription is confirmed; empty for any
  record Sns(Set<String> topics) implements Handshake {
    public Sns {
      topics = Set.copyOf(topics);
    }

    @Override
    public Answer answer(Request request, String url) {
      var type = request.headers().first("x-amz-sns-message-type").orElse("");
      if (!type.toLowerCase(Locale.ROOT).equals("subscriptionconfirmation")) {
        return new Answer.NotOne();
      }
      var read = SnsMessage.read(request.body()).filter(SnsMessage::isConfirmation);
      if (read.isEmpty()) {
        return Reflected.refused(400, "the body is no SubscriptionConfirmation");
      }
      var message = read.get();
      if (!topics.isEmpty() && !topics.contains(message.topicArn())) {
        return Reflected.refused(403, "TopicArn is not one that may send");
      }
      var certificate = message.certificateAddress();
      var confirmation = message.confirmationAddress();
      return certificate.isPresent() && confirmation.isPresent()
          ? new Answer.Visit(certificate.get(), confirmation.get(), message)
          : Reflected.refused(403, "SigningCertURL or SubscribeURL is not Amazon's");
    }
  }
}
