package io.tidegate.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/// Turns text into `Yaml` trees, one per document, up to the first place where the text is not
/// YAML.
///
/// Nesting and size are bounded, aliases counted at their full size, so a short text cannot become
/// a huge tree.
final class YamlText {
  private static final int DEEPEST = 40;
  private static final int MOST_NODES = 50_000;

  private final SourceText source;
  private final String file;
  private final List<Yaml> documents = new ArrayList<>();
  private final Map<String, Anchored> anchors = new HashMap<>();
  private Iterator<Event> events = List.<Event>of().iterator();
  private int nodes;

  private YamlText(String file, SourceText source) {
    this.file = file;
    this.source = source;
  }

  /// The trees read, and why reading stopped if it did.
  record Parsed(List<Yaml> documents, Optional<Fault> failure) {}

  static Parsed parse(String file, SourceText source) {
    var reader = new YamlText(file, source);
    try {
      reader.checkCharacters();
      reader.read();
      return new Parsed(List.copyOf(reader.documents), Optional.empty());
    } catch (Unreadable unreadable) {
      return new Parsed(List.copyOf(reader.documents), Optional.of(unreadable.fault));
    }
  }

  private void checkCharacters() throws Unreadable {
    var line = 1;
    var column = 1;
    for (var c : source.text().codePoints().toArray()) {
      if (!StreamReader.isPrintable(c)) {
        throw stop(line, column, "the character U+%04X may not stand in YAML".formatted(c));
      }
      line += c == '\n' ? 1 : 0;
      column = c == '\n' ? 1 : column + 1;
    }
  }

  private void read() throws Unreadable {
    try {
      var settings = LoadSettings.builder().setCodePointLimit(Integer.MAX_VALUE).build();
      events = new Parse(settings).parseString(source.text()).iterator();
      while (events.hasNext()) {
        if (events.next() instanceof DocumentStartEvent) {
          anchors.clear();
          documents.add(node(events.next(), 0));
        }
      }
    } catch (MarkedYamlEngineException broken) {
      throw stop(broken.getProblemMark(), plain(broken.getProblem()));
    } catch (RuntimeException broken) {
      // The parser has thrown all sorts of things at odd input; to the user they are the same.
      throw stop(1, 1, "the text is not YAML");
    }
  }

  private Yaml node(Event event, int depth) throws Unreadable {
    if (depth > DEEPEST) {
      throw stop(event.getStartMark(), "nested more than " + DEEPEST + " levels deep");
    }
    count(event, 1);
    var before = nodes;
    var yaml =
        switch (event) {
          case AliasEvent alias -> alias(alias, depth);
          case ScalarEvent scalar -> scalar(scalar);
          case SequenceStartEvent start -> items(start, depth);
          case MappingStartEvent start -> pairs(start, depth);
          default -> throw stop(event.getStartMark(), "a value is missing");
        };
    if (event instanceof NodeEvent anchored && !(event instanceof AliasEvent)) {
      var size = nodes - before;
      anchored
          .getAnchor()
          .ifPresent(name -> anchors.put(name.getValue(), new Anchored(yaml, size, height(yaml))));
    }
    return yaml;
  }

  private Yaml alias(AliasEvent alias, int depth) throws Unreadable {
    var anchored = anchors.get(alias.getAlias().getValue());
    if (anchored == null) {
      throw stop(alias.getStartMark(), "an alias (*name) has no anchor (&name) before it");
    }
    if (depth + anchored.height > DEEPEST) {
      throw stop(alias.getStartMark(), "nested more than " + DEEPEST + " levels deep");
    }
    count(alias, anchored.size);
    return anchored.yaml;
  }

  private Yaml.Scalar scalar(ScalarEvent event) throws Unreadable {
    checkTag(event.getTag(), "tag:yaml.org,2002:str", event);
    var plain = event.getScalarStyle() == ScalarStyle.PLAIN && event.getTag().isEmpty();
    var mark = event.getStartMark();
    return new Yaml.Scalar(line(mark), column(mark), event.getValue(), plain);
  }

  private Yaml items(SequenceStartEvent start, int depth) throws Unreadable {
    checkTag(start.getTag(), "tag:yaml.org,2002:seq", start);
    var items = new ArrayList<Yaml>();
    for (var event = events.next(); !isEnd(event); event = events.next()) {
      items.add(node(event, depth + 1));
    }
    var mark = start.getStartMark();
    return new Yaml.Items(line(mark), column(mark), List.copyOf(items));
  }

  private Yaml pairs(MappingStartEvent start, int depth) throws Unreadable {
    checkTag(start.getTag(), "tag:yaml.org,2002:map", start);
    var pairs = new ArrayList<Yaml.Pair>();
    for (var event = events.next(); !isEnd(event); event = events.next()) {
      if (!(node(event, depth + 1) instanceof Yaml.Scalar key)) {
        throw stop(event.getStartMark(), "a key must be a single word");
      }
      pairs.add(new Yaml.Pair(key, node(events.next(), depth + 1)));
    }
    var mark = start.getStartMark();
    return new Yaml.Pairs(line(mark), column(mark), List.copyOf(pairs));
  }

  private void checkTag(Optional<String> tag, String natural, Event event) throws Unreadable {
    if (tag.isPresent() && !tag.get().equals(natural)) {
      throw stop(event.getStartMark(), "tags (!name) are not used in this file");
    }
  }

  private static boolean isEnd(Event event) {
    return event.getEventId() == Event.ID.SequenceEnd || event.getEventId() == Event.ID.MappingEnd;
  }

  private void count(Event event, int more) throws Unreadable {
    nodes += more;
    if (nodes > MOST_NODES) {
      throw stop(event.getStartMark(), "more than " + MOST_NODES + " values, aliases included");
    }
  }

  private static int height(Yaml yaml) {
    return switch (yaml) {
      case Yaml.Scalar _ -> 0;
      case Yaml.Items list -> 1 + list.items().stream().mapToInt(YamlText::height).max().orElse(0);
      case Yaml.Pairs map ->
          1 + map.pairs().stream().mapToInt(pair -> height(pair.value())).max().orElse(0);
    };
  }

  /// The parser's own words, without what it quotes from the file: that may be a secret.
  private static String plain(String problem) {
    return problem.replaceAll("(?<=undefined alias|duplicate key|anchor|tag handle).*", "");
  }

  private int line(Optional<Mark> mark) {
    return source.line(mark.map(Mark::getLine).orElse(0) + 1);
  }

  private static int column(Optional<Mark> mark) {
    return mark.map(Mark::getColumn).orElse(0) + 1;
  }

  private Unreadable stop(Optional<Mark> mark, String problem) {
    var place = new Place(file, line(mark), column(mark), "");
    return new Unreadable(Fault.of(place, "column " + place.column() + ": " + problem));
  }

  private Unreadable stop(int line, int column, String problem) {
    var place = new Place(file, source.line(line), column, "");
    return new Unreadable(Fault.of(place, "column " + column + ": " + problem));
  }

  private record Anchored(Yaml yaml, int size, int height) {}

  /// Ends the reading of a text; never leaves this class.
  private static final class Unreadable extends Exception {
    private static final long serialVersionUID = 1;
    private final transient Fault fault;

    private Unreadable(Fault fault) {
      super(fault.problem(), null, false, false);
      this.fault = fault;
    }
  }
}
