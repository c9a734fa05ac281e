package io.tidegate.guard;

import io.tidegate.http.Request;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Where a sender writes its own name for a delivery: the same on every retry, so that a duplicate
/// can be told.
public sealed interface DeliveryId {

  /// Longer ones are not taken for ids.
  int MOST_CHARACTERS = 512;

  /// The id of a request that was verified.
  Optional<String> of(Request request);

  record None() implements DeliveryId {
    @Override
    public Optional<String> of(Request request) {
      return Optional.empty();
    }
  }

  /// The first of these headers that is there.
  record InHeader(List<String> names) implements DeliveryId {
    public InHeader {
      names = names.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
      if (names.isEmpty()) {
        throw new IllegalArgumentException("the name of a header was expected");
      }
    }

    @Override
    public Optional<String> of(Request request) {
      for (var name : names) {
        var id = request.headers().first(name).filter(DeliveryId::isPlausible);
        if (id.isPresent()) {
          return id;
        }
      }
      return Optional.empty();
    }
  }

  /// A field of a JSON body.
  record InBody(String pointer) implements DeliveryId {
    public InBody {
      pointer = JsonText.pointer(pointer);
    }

    @Override
    public Optional<String> of(Request request) {
      return JsonText.at(request.body(), pointer).filter(DeliveryId::isPlausible);
    }
  }

  static DeliveryId none() {
    return new None();
  }

  static DeliveryId header(String... names) {
    return new InHeader(Arrays.asList(names));
  }

  static DeliveryId json(String pointer) {
    return new InBody(pointer);
  }

  private static boolean isPlausible(String id) {
    return !id.isBlank() && id.length() <= MOST_CHARACTERS;
  }
}
