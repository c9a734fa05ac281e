package io.tidegate.guard;

import io.tidegate.guard.Checked.Denied;
import io.tidegate.guard.Checked.Reason;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Where a sender writes the time that it signs, and in what unit.
public sealed interface SignedAt {

  /// Nowhere: such a scheme cannot tell a replay; deliveries are told apart by their id.
  record Nowhere() implements SignedAt {}

  record InHeader(String name, Unit unit) implements SignedAt {
    public InHeader {
      name = name.toLowerCase(Locale.ROOT);
    }
  }

  /// In the signature header itself, under a key: `t=1700000000,v1=…`.
  record InSignature(String key, Unit unit) implements SignedAt {}

  /// In a field of the JSON body.
  record InBody(String pointer, Unit unit) implements SignedAt {
    public InBody {
      pointer = JsonText.pointer(pointer);
    }
  }

  enum Unit {
    SECONDS,
    MILLIS,
    ISO;

    private static final int MOST_DIGITS = 15;

    String write(Instant at) {
      return switch (this) {
        case SECONDS -> Long.toString(at.getEpochSecond());
        case MILLIS -> Long.toString(at.toEpochMilli());
        case ISO -> at.toString();
      };
    }

    @Nullable Instant read(String text) {
      try {
        return switch (this) {
          case SECONDS -> isDigits(text) ? Instant.ofEpochSecond(Long.parseLong(text)) : null;
          case MILLIS -> isDigits(text) ? Instant.ofEpochMilli(Long.parseLong(text)) : null;
          case ISO -> OffsetDateTime.parse(text).toInstant();
        };
      } catch (DateTimeException notATime) {
        return null;
      }
    }

    private static boolean isDigits(String text) {
      return !text.isEmpty()
          && text.length() <= MOST_DIGITS
          && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }
  }

  /// What is wrong with a time that a request says it was signed at, if anything. Whole seconds
  /// count, so that the edge is where the senders' own libraries have it.
  static Optional<Denied> flaw(String text, Unit unit, Instant now, Duration tolerance) {
    var at = unit.read(text);
    if (at == null) {
      return Optional.of(new Denied(Reason.MALFORMED, "the signed time cannot be read"));
    }
    var age = Duration.between(at, now);
    if (age.abs().toSeconds() <= tolerance.toSeconds()) {
      return Optional.empty();
    }
    return Optional.of(
        new Denied(
            age.isNegative() ? Reason.TOO_NEW : Reason.TOO_OLD,
            "signed %d seconds %s; %d are allowed"
                .formatted(
                    age.abs().toSeconds(),
                    age.isNegative() ? "in the future" : "ago",
                    tolerance.toSeconds())));
  }
}
