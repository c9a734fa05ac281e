package io.tidegate.outbox;

import java.time.Duration;
import java.util.Map;

/// A type that delivers over connections of its own. They are kept, shared by destinations that
/// connect to the same place as the same user, and closed when nobody needs them; see
/// `Connections`.
public interface ConnectedType extends DestinationType {

  /// Where to, and as whom: destinations whose sites are equal share a connection.
  ///
  /// @param credentials opened
  Object site(Map<String, String> config, Map<String, String> credentials);

  /// Opens a connection. May wait as long as `ways.limits` say; is interrupted when it takes
  /// longer.
  ///
  /// @param credentials opened
  Connection open(Map<String, String> config, Map<String, String> credentials, Ways ways)
      throws Undelivered, InterruptedException;

  /// Open towards one site. Any number of threads.
  interface Connection extends AutoCloseable {

    /// Hands an event over, and waits until the other side has it for good.
    void deliver(Map<String, String> config, Outgoing outgoing, Duration limit)
        throws Undelivered, InterruptedException;

    /// Asks whether events of a destination could be delivered, and changes nothing over there.
    void check(Map<String, String> config, Duration limit) throws Undelivered, InterruptedException;

    /// False when it is broken for good, and another one is needed.
    boolean isUsable();

    /// Waits a moment at most; what is under way fails.
    @Override
    void close();
  }
}
