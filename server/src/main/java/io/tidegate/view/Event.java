package io.tidegate.view;

import io.tidegate.log.Stored;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A record on its way to readers, and how far they have come with it. Readers that are abreast get
/// the very same event, so what one made of it serves all.
///
/// Any thread may use it.
public final class Event {
  private final Stored stored;
  private final Progress before;
  private volatile @Nullable Progress after;
  private volatile @Nullable Made made;

  public Event(Stored stored, Progress before) {
    this.stored = stored;
    this.before = before;
  }

  public Stored stored() {
    return stored;
  }

  /// The offsets to go on from after this record.
  public Progress after() {
    var known = after;
    if (known == null) {
      known = before.with(stored.partition(), stored.offset() + 1);
      after = known;
    }
    return known;
  }

  /// This event in some form, made once however many readers want it in that form. Two threads at
  /// the same time may both make it.
  ///
  /// @param form tells forms apart, by identity; there are few of them
  /// @param make how an event is brought into it
  public <T> T as(Form<T> form, Function<Event, T> make) {
    for (var known = made; known != null; known = known.next()) {
      if (known.form() == form) {
        return form.type().cast(known.content());
      }
    }
    var content = make.apply(this);
    made = new Made(form, content, made);
    return content;
  }

  /// The offsets from before this record; those of its own partition may be of any time. Many
  /// events share them.
  public Progress before() {
    return before;
  }

  /// A form that events can be brought into, such as the bytes of one kind of stream.
  public static final class Form<T> {
    private final Class<T> type;

    public Form(Class<T> type) {
      this.type = type;
    }

    Class<T> type() {
      return type;
    }
  }

  private record Made(Form<?> form, Object content, @Nullable Made next) {}
}
