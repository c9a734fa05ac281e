package io.tidegate.config;

import io.tidegate.base.Secret;
import java.math.BigDecimal;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/// How one value of the file is read: the shapes of the grammar, and the ways to combine them.
///
/// A form never throws. After a fault it returns a stand-in, which nobody sees because the file is
/// refused.
@FunctionalInterface
interface Form<T> {
  Pattern INTEGER = Pattern.compile("[+-]?\\d{1,18}");
  Pattern DECIMAL = Pattern.compile("\\d{1,9}(\\.\\d{1,9})?");
  Pattern DURATION_TEXT = Pattern.compile("(\\d{1,9})\\s?(ms|s|m|h|d)");
  Pattern SIZE_TEXT = Pattern.compile("(\\d{1,12})\\s?(|B|KiB|MiB|GiB)");

  T read(Value value);

  /// What a message says is expected.
  default String expected() {
    return "";
  }

  static <T> Form<T> of(String expected, Function<Value, T> reader) {
    return new Form<>() {
      @Override
      public T read(Value value) {
        return reader.apply(value);
      }

      @Override
      public String expected() {
        return expected;
      }
    };
  }

  Form<String> TEXT = of("text", Value::text);

  Form<Secret> SECRET = of("text", value -> new Secret(value.text()));

  Form<Boolean> FLAG =
      of("true or false", value -> oneOf(Map.of("true", true, "false", false)).read(value));

  /// `500ms`, `30s`, `2m`, `1h`, `7d`.
  Form<Duration> DURATION =
      of(
          "a duration such as 500ms, 30s or 2m",
          value -> {
            var expected = "a duration such as 500ms, 30s or 2m";
            var matcher = DURATION_TEXT.matcher(value.scalar(expected).orElse("0s"));
            if (!matcher.matches()) {
              value.fault("found " + value.described(), expected);
              return Duration.ZERO;
            }
            var amount = Long.parseLong(matcher.group(1));
            return switch (matcher.group(2)) {
              case "ms" -> Duration.ofMillis(amount);
              case "s" -> Duration.ofSeconds(amount);
              case "m" -> Duration.ofMinutes(amount);
              case "h" -> Duration.ofHours(amount);
              default -> Duration.ofDays(amount);
            };
          });

  /// A number of bytes: `1048576`, `64KiB`, `1MiB`.
  Form<Long> SIZE =
      of(
          "a size such as 64KiB or 1MiB",
          value -> {
            var expected = "a size such as 64KiB or 1MiB";
            var matcher = SIZE_TEXT.matcher(value.scalar(expected).orElse("0"));
            if (!matcher.matches()) {
              value.fault("found " + value.described(), expected);
              return 0L;
            }
            var units = List.of("B", "KiB", "MiB", "GiB");
            return Long.parseLong(matcher.group(1))
                << (10 * Math.max(0, units.indexOf(matcher.group(2))));
          });

  /// The address of something over HTTP.
  Form<URI> HTTP_URI =
      of(
          "an http or https address",
          value -> {
            var expected = "an http or https address";
            var text = value.scalar(expected);
            var address = text.flatMap(Form::uri);
            if (text.isPresent() && address.isEmpty()) {
              value.fault("found " + value.described(), expected);
            }
            return address.orElse(URI.create("http://localhost"));
          });

  static Optional<URI> uri(String text) {
    try {
      var uri = new URI(text);
      var isHttp = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      return isHttp && uri.getHost() != null ? Optional.of(uri) : Optional.empty();
    } catch (URISyntaxException notUri) {
      return Optional.empty();
    }
  }

  static Form<Long> number(long least, long most) {
    var expected =
        most == Long.MAX_VALUE
            ? "a whole number from " + least
            : "a whole number from " + least + " to " + most;
    return of(
        expected,
        value -> {
          var text = value.scalar(expected).orElse(Long.toString(least));
          var number = INTEGER.matcher(text).matches() ? Long.parseLong(text) : Long.MIN_VALUE;
          if (number < least || number > most) {
            value.fault("found " + value.described(), expected);
            return least;
          }
          return number;
        });
  }

  /// A number that may have a fraction.
  static Form<Double> decimal(double least, double most) {
    var expected = "a number from " + plain(least) + " to " + plain(most);
    return of(
        expected,
        value -> {
          var text = value.scalar(expected).orElse("" + least);
          var number = DECIMAL.matcher(text).matches() ? Double.parseDouble(text) : -1;
          if (number < least || number > most) {
            value.fault("found " + value.described(), expected);
            return least;
          }
          return number;
        });
  }

  private static String plain(double number) {
    return new BigDecimal(Double.toString(number)).stripTrailingZeros().toPlainString();
  }

  static Form<Duration> seconds(long least) {
    var number = number(least, Integer.MAX_VALUE);
    return of(number.expected() + " (seconds)", value -> Duration.ofSeconds(number.read(value)));
  }

  /// A text in the shape of `pattern`.
  static Form<String> text(Pattern pattern, String expected) {
    return of(
        expected,
        value -> {
          var text = value.scalar(expected);
          if (text.isPresent() && !pattern.matcher(text.get()).matches()) {
            value.fault("found " + value.described(), expected);
          }
          return text.orElse("");
        });
  }

  /// One of the constants, written in lower case with `_` as `separator`.
  static <E extends Enum<E>> Form<E> word(Class<E> type, char separator) {
    var words = new LinkedHashMap<String, E>();
    for (var constant : type.getEnumConstants()) {
      words.put(spelling(constant, separator), constant);
    }
    return oneOf(words);
  }

  static String spelling(Enum<?> constant, char separator) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', separator);
  }

  static Form<String> word(String... words) {
    var map = new LinkedHashMap<String, String>();
    Arrays.stream(words).forEach(word -> map.put(word, word));
    return oneOf(map);
  }

  /// One of the words, or empty after a fault.
  static <T> Form<Optional<T>> choice(Map<String, T> words) {
    var expected = spoken(words.keySet().stream().sorted().toList());
    return of(
        expected,
        value -> {
          var word = value.scalar(expected);
          var meant = word.flatMap(it -> Optional.ofNullable(words.get(it)));
          if (word.isPresent() && meant.isEmpty()) {
            var nearest = Nearest.to(word.get(), words.keySet());
            value.fault("found " + value.described(), expected, nearest);
          }
          return meant;
        });
  }

  static <T> Form<T> oneOf(Map<String, T> words) {
    var choice = choice(words);
    return of(
        choice.expected(),
        value -> choice.read(value).orElseGet(() -> words.values().iterator().next()));
  }

  /// A mapping whose `type` says how the rest is read; empty when the type is not known, since then
  /// nothing can be said about the rest.
  static <T> Form<Optional<T>> typed(Map<String, Function<Mapping, T>> types) {
    return mapping(mapping -> {
      var reader = mapping.required("type", choice(types));
      if (reader.isEmpty()) {
        mapping.giveUp();
      }
      return reader.map(it -> it.apply(mapping));
    });
  }

  static <T> Form<List<T>> listOf(Form<T> form) {
    return of("a list", value -> value.items().stream().map(form::read).toList());
  }

  /// A list, or one item standing alone.
  static <T> Form<List<T>> oneOrMore(Form<T> form) {
    return of(
        form.expected() + " or a list of them",
        value -> value.isList() ? listOf(form).read(value) : List.of(form.read(value)));
  }

  /// A mapping with any keys, in the file's order.
  static <T> Form<Map<String, T>> mapOf(Form<T> form) {
    return of(
        "a mapping",
        value ->
            Collections.unmodifiableMap(value.mapping().entries((_, item) -> form.read(item))));
  }

  /// A mapping from header names, which are lower case in this file, pseudo-headers included.
  static <T> Form<Map<String, T>> headersOf(Form<T> form) {
    return of(
        "a mapping",
        value ->
            Collections.unmodifiableMap(
                value
                    .mapping()
                    .entries((name, item) -> {
                      HeaderSelection.checkName(name, item);
                      return form.read(item);
                    })));
  }

  /// A mapping with exactly the keys that `reader` asks for.
  static <T> Form<T> mapping(Function<Mapping, T> reader) {
    return of(
        "a mapping",
        value -> {
          var mapping = value.mapping();
          var read = reader.apply(mapping);
          mapping.rejectUnknown();
          return read;
        });
  }

  /// A mapping with exactly one key, which names a `target`.
  static <T> Form<Optional<T>> single(Reference.Target target, NamedReader<T> reader) {
    return of(
        "a mapping with one " + target,
        value -> {
          var read =
              value
                  .mapping()
                  .entries((name, item) -> reader.read(item.reference(target, name), item));
          if (value.isMapping() && read.size() != 1) {
            value.fault("found " + read.size() + " names", "exactly one " + target);
          }
          return read.values().stream().findFirst();
        });
  }

  /// Reads a value that stands under the name of something else.
  @FunctionalInterface
  interface NamedReader<T> {
    T read(Reference name, Value value);
  }

  static Form<Reference> reference(Reference.Target target) {
    return of("the name of a " + target, value -> value.reference(target, value.text()));
  }

  /// As it may be written: `500ms`, `1h`.
  static String spoken(Duration duration) {
    var seconds = duration.toSeconds();
    if (duration.toMillisPart() != 0) {
      return duration.toMillis() + "ms";
    }
    return seconds % 86_400 == 0
        ? seconds / 86_400 + "d"
        : seconds % 3600 == 0
            ? seconds / 3600 + "h"
            : seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
  }

  /// `a, b or c`
  static String spoken(Collection<String> words) {
    var list = List.copyOf(words);
    if (list.size() < 2) {
      return String.join("", list);
    }
    return String.join(", ", list.subList(0, list.size() - 1)) + " or " + list.getLast();
  }
}
