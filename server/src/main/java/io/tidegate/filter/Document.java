package io.tidegate.filter;

import io.tidegate.base.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// What filters look at: JSON, read once and matched by any number of filters and threads.
///
/// What cannot be read (a text that is no JSON, too long, too deep) is a document too: filters that
/// ask for it are undecided, others are not concerned.
public final class Document {
  static final int DEEPEST = 128;

  private static final JsonReader.Bounds BOUNDS = new JsonReader.Bounds(16 << 20, DEEPEST, 500_000);

  private final Json root;

  private Document(Json root) {
    this.root = root;
  }

  public static Document parse(String json) {
    return parse(Bytes.utf8(json));
  }

  public static Document parse(Bytes json) {
    return new Document(JsonReader.read(json, BOUNDS));
  }

  /// Why it cannot be read as a whole.
  public Optional<String> fault() {
    return root instanceof Json.Unreadable(var reason) ? Optional.of(reason) : Optional.empty();
  }

  Json root() {
    return root;
  }

  /// Its size and kind: contents do not belong in logs.
  @Override
  public String toString() {
    return Shown.outline(root);
  }

  /// Puts a document together from the parts of an event: its topic, its headers, its data. For one
  /// thread, once.
  public static final class Parts {
    private final List<String> names = new ArrayList<>();
    private final List<Json> values = new ArrayList<>();

    public Parts text(String name, String text) {
      return add(name, new Json.Text(text));
    }

    public Parts number(String name, long number) {
      return add(name, Num.of(number));
    }

    /// A part that is JSON, or unreadable.
    public Parts json(String name, Bytes json) {
      return add(name, parse(json).root);
    }

    public Parts json(String name, Document document) {
      return add(name, document.root);
    }

    /// Names and their texts, such as metadata.
    public Parts texts(String name, Map<String, String> texts) {
      var members = texts.values().stream().<Json>map(Json.Text::new).toArray(Json[]::new);
      return add(name, Fields.of(texts.keySet().toArray(String[]::new), members));
    }

    /// Headers or the parameters of a query: one value is a text, several are an array.
    public Parts fields(String name, Map<String, List<String>> fields) {
      var members = fields.values().stream().map(Parts::oneOrMany).toArray(Json[]::new);
      return add(name, Fields.of(fields.keySet().toArray(String[]::new), members));
    }

    /// As `fields`, with names in lower case; those that differ in case only are one.
    public Parts headers(String name, Map<String, List<String>> headers) {
      var merged = new java.util.LinkedHashMap<String, List<String>>();
      headers.forEach((header, found) ->
          merged
              .computeIfAbsent(header.toLowerCase(Locale.ROOT), _ -> new ArrayList<>())
              .addAll(found));
      return fields(name, merged);
    }

    public Document document() {
      return new Document(Fields.of(names.toArray(String[]::new), values.toArray(Json[]::new)));
    }

    private Parts add(String name, Json value) {
      names.add(name);
      values.add(value);
      return this;
    }

    private static Json oneOrMany(List<String> found) {
      return found.size() == 1
          ? new Json.Text(found.getFirst())
          : new Json.Items(found.stream().map(Json.Text::new).toArray(Json[]::new));
    }
  }
}
