package io.tidegate.config;

import io.tidegate.base.Bytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Reads a `zilla.yaml`. It never throws because of what the file says: the answer is the whole
/// configuration or the whole report.
///
/// Any thread may use it; nothing is kept between two readings.
public final class ConfigReader {
  /// No file is larger than this, nor is it after variables are replaced.
  public static final int MOST_BYTES = 1 << 20;

  private final Function<String, @Nullable String> env;

  /// `env` gives the value of a variable or null; `System::getenv` in the product.
  public ConfigReader(Function<String, @Nullable String> env) {
    this.env = env;
  }

  /// Reads the file at `path`; in the report it goes by its name alone.
  public Loaded read(Path path) {
    var name = String.valueOf(path.getFileName());
    try (var in = Files.newInputStream(path)) {
      return read(name, Bytes.wrap(in.readNBytes(MOST_BYTES + 1)));
    } catch (IOException unreadable) {
      return refuse(name, 1, 1, "the file cannot be read: " + unreadable);
    }
  }

  /// Reads `content`, which the report calls `file`.
  public Loaded read(String file, Bytes content) {
    if (content.size() > MOST_BYTES) {
      return refuse(file, 1, 1, "the file is larger than 1 MiB");
    }
    var in = ByteBuffer.wrap(content.array());
    try {
      var text = StandardCharsets.UTF_8.newDecoder().decode(in).toString();
      return read(file, text.startsWith("\uFEFF") ? text.substring(1) : text);
    } catch (CharacterCodingException broken) {
      var good = new String(content.array(), 0, in.position(), StandardCharsets.UTF_8);
      var line = 1 + Math.toIntExact(good.chars().filter(c -> c == '\n').count());
      var column = good.length() - good.lastIndexOf('\n');
      return refuse(file, line, column, "the text is not UTF-8");
    }
  }

  private Loaded read(String file, String raw) {
    var faults = new Faults();
    var source = new SourceText(file, raw, env, faults);
    if (source.text().length() > MOST_BYTES) {
      return refuse(file, 1, 1, "with its variables replaced the file is larger than 1 MiB");
    }
    var parsed = YamlText.parse(file, source);
    var readings = new ArrayList<Reading>();
    var namespaces = new ArrayList<Namespace>();
    for (var document : parsed.documents()) {
      if (document instanceof Yaml.Scalar scalar && scalar.isNothing()) {
        continue;
      }
      var reading = new Reading(faults);
      var place = new Place(file, document.line(), document.column(), "");
      namespaces.add(Form.mapping(Namespace::read).read(new Value(document, place, reading)));
      readings.add(reading);
    }
    parsed.failure().ifPresentOrElse(faults::add, () -> link(file, readings, namespaces, faults));
    var report = faults.report();
    return report.isClean()
        ? new Loaded.Ok(new GatewayConfig(namespaces), report.warnings())
        : new Loaded.Refused(report);
  }

  private static void link(
      String file, List<Reading> readings, List<Namespace> namespaces, Faults faults) {
    if (namespaces.isEmpty()) {
      faults.add(
          Fault.of(
              new Place(file, 1, 1, ""),
              "the file is empty",
              "a namespace with 'name' and 'bindings'"));
    }
    var first = new HashMap<String, Namespace>();
    for (var namespace : namespaces) {
      var earlier = first.putIfAbsent(namespace.name(), namespace);
      if (earlier != null && !namespace.name().isEmpty()) {
        var problem =
            "namespace "
                + Fault.quote(namespace.name())
                + " stands twice, first on line "
                + earlier.place().line();
        faults.add(Fault.of(namespace.place(), problem));
      }
    }
    new Linker(readings, namespaces, faults).link();
  }

  private static Loaded refuse(String file, int line, int column, String problem) {
    var fault = Fault.of(new Place(file, line, column, ""), problem);
    return new Loaded.Refused(new FaultReport(List.of(fault), List.of()));
  }
}
