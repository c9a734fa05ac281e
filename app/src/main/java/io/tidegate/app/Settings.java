package io.tidegate.app;

import io.tidegate.broker.Durability;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

/// What a user says beside the configuration file.
///
/// @param data where the node inside and everything derived keep their files
/// @param admin where health and metrics are served; empty means nowhere
/// @param kafkaPort of the node inside; empty means remembered or chosen
/// @param createTopics also on clusters that are not ours
record Settings(
    Path data,
    Optional<Address> admin,
    OptionalInt kafkaPort,
    Durability durability,
    boolean createTopics) {

  /// A host and a port to listen on.
  record Address(String host, int port) {

    static Address parse(String text) {
      int colon = text.lastIndexOf(':');
      try {
        var port = Integer.parseInt(text.substring(colon + 1));
        if (colon > 0 && port >= 0 && port <= 65_535) {
          return new Address(text.substring(0, colon), port);
        }
      } catch (NumberFormatException notANumber) {
        // said below
      }
      throw new UserFault("'" + text + "' is not HOST:PORT, such as 127.0.0.1:7115");
    }

    @Override
    public String toString() {
      return host + ":" + port;
    }
  }
}
