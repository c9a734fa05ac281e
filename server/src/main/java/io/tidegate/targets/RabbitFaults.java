package io.tidegate.targets;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AuthenticationFailureException;
import com.rabbitmq.client.PossibleAuthenticationFailureException;
import com.rabbitmq.client.ShutdownSignalException;
import io.tidegate.outbox.Undelivered;
import org.jspecify.annotations.Nullable;

/// What failures of a broker come to. Its own texts are not repeated, as they may say anything.
final class RabbitFaults {
  private RabbitFaults() {}

  static Undelivered ofOpening(RabbitSite site, Exception failed) {
    if (failed instanceof AuthenticationFailureException
        || failed instanceof PossibleAuthenticationFailureException) {
      return Undelivered.failed("credentials", "the broker did not take the credentials");
    }
    if (failed instanceof java.util.concurrent.TimeoutException) {
      return Undelivered.failed(
          "connect_timeout", site.server() + " did not begin to speak AMQP in time");
    }
    return of(site, failed);
  }

  static Undelivered of(RabbitSite site, Throwable failed) {
    var signal = signal(failed);
    if (signal == null) {
      return Undelivered.failed("reset", "the connection to " + site.server() + " broke");
    }
    return switch (code(signal)) {
      case AMQP.NOT_FOUND ->
          Undelivered.failed("unknown_target", "the broker has no exchange " + site.exchange());
      case AMQP.ACCESS_REFUSED ->
          Undelivered.failed(
              "credentials", "the user may not write to the exchange " + site.exchange());
      case AMQP.NOT_ALLOWED ->
          Undelivered.failed(
              "unknown_target",
              "the broker has no virtual host " + site.virtualHost() + " for the user");
      case AMQP.CONNECTION_FORCED ->
          Undelivered.failed("unavailable", "the broker ended the connection");
      case AMQP.PRECONDITION_FAILED ->
          Undelivered.failed("too_large", "the broker does not take such a message");
      case 0 -> Undelivered.failed("reset", "the connection to " + site.server() + " broke");
      default ->
          Undelivered.failed(
              "protocol", "the broker ended the conversation with code " + code(signal));
    };
  }

  private static @Nullable ShutdownSignalException signal(@Nullable Throwable failed) {
    var each = failed;
    for (int depth = 0; each != null && depth < 8; depth++) {
      if (each instanceof ShutdownSignalException signal) {
        return signal;
      }
      each = each.getCause();
    }
    return null;
  }

  private static int code(ShutdownSignalException signal) {
    return switch (signal.getReason()) {
      case AMQP.Channel.Close close -> close.getReplyCode();
      case AMQP.Connection.Close close when !signal.isInitiatedByApplication() ->
          close.getReplyCode();
      case null, default -> 0;
    };
  }
}
