package io.tidegate.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/// The version that was built.
final class Version implements IVersionProvider {

  static String number() {
    var properties = new Properties();
    try (var in = Version.class.getResourceAsStream("version.properties")) {
      properties.load(in);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
    return properties.getProperty("version", "unknown");
  }

  @Override
  public String[] getVersion() {
    return new String[] {"Tidegate " + number(), "Java " + Runtime.version()};
  }
}
