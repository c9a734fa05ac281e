package io.tidegate.edge;

import io.tidegate.http.Problem;
import io.tidegate.http.Reply;
import io.tidegate.http.Request;
import io.tidegate.http.Session;
import io.tidegate.http.Tenure;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// The sessions behind replies that go on, and how they are renewed: by a POST with the content
/// type of a challenge response and fresh credentials. On the connection of the reply (HTTP/2) it
/// renews all that the same caller has there; from another connection it carries a ticket.
///
/// A ticket is a number that nobody can guess, signed with a key that this process alone has, so
/// that one that was given out elsewhere is told apart at once. It is worth nothing without
/// credentials of the same identity.
final class Tenures {
  static final String CHALLENGE_RESPONSE = "application/x-challenge-response";

  private static final int ID_BYTES = 16;
  private static final String HMAC = "HmacSHA256";

  private final SecureRandom random = new SecureRandom();
  private final SecretKeySpec key;
  private final ConcurrentHashMap<String, HeldSession> byTicket = new ConcurrentHashMap<>();

  Tenures() {
    this.key = new SecretKeySpec(randomBytes(32), HMAC);
  }

  /// @param shared further requests can come on the connection while the reply goes on
  HeldSession hold(Session session, boolean shared) {
    if (shared) {
      return new HeldSession(session, Optional.empty());
    }
    var id = randomBytes(ID_BYTES);
    var ticket = text(id) + "." + text(sign(id));
    var held = new HeldSession(session, Optional.of(ticket));
    byTicket.put(ticket, held);
    return held;
  }

  void release(HeldSession held) {
    held.ticket().ifPresent(byTicket::remove);
  }

  static boolean isRenewal(Request request) {
    return request.method().equals("POST")
        && request
            .headers()
            .first("content-type")
            .filter(type -> type.toLowerCase(Locale.ROOT).startsWith(CHALLENGE_RESPONSE))
            .isPresent();
  }

  /// @param here what is held on the connection of the request
  Reply renew(Request request, Session proved, List<HeldSession> here) {
    var ticket = request.headers().first(Tenure.TICKET_HEADER);
    var meant = ticket.isPresent() ? List.of(find(ticket.get())) : here;
    boolean isShared = ticket.isEmpty();
    int renewed = 0;
    for (var held : meant) {
      if (held.isOf(proved)) {
        if (!held.renew(proved)) {
          throw Problem.of(403, "roles_missing", "these credentials may less than the ones before")
              .refuse();
        }
        renewed++;
      }
    }
    if (renewed == 0 && !(isShared && !here.isEmpty())) {
      throw Problem.of(
              409,
              "no_such_stream",
              "no stream of this caller goes on here; renew on its connection, or with its ticket")
          .refuse();
    }
    return Reply.of(204);
  }

  private HeldSession find(String ticket) {
    int dot = ticket.indexOf('.');
    var held = dot > 0 && isOurs(ticket, dot) ? byTicket.get(ticket) : null;
    if (held == null) {
      throw Problem.of(
              409, "no_such_stream", "that stream has ended, or goes on at another instance")
          .refuse();
    }
    return held;
  }

  private boolean isOurs(String ticket, int dot) {
    try {
      var id = Base64.getUrlDecoder().decode(ticket.substring(0, dot));
      var signature = ticket.substring(dot + 1).getBytes(StandardCharsets.UTF_8);
      return MessageDigest.isEqual(text(sign(id)).getBytes(StandardCharsets.UTF_8), signature);
    } catch (IllegalArgumentException notBase64) {
      return false;
    }
  }

  private byte[] sign(byte[] id) {
    try {
      var mac = Mac.getInstance(HMAC);
      mac.init(key);
      return mac.doFinal(id);
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("every Java has " + HMAC, impossible);
    }
  }

  private byte[] randomBytes(int count) {
    var bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }

  private static String text(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
