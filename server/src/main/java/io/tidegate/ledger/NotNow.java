package io.tidegate.ledger;

/// What was asked for cannot be known at the moment; the message is a sentence for who asked.
public final class NotNow extends RuntimeException {
  private static final long serialVersionUID = 1L;

  NotNow(String why) {
    super(why);
  }

  NotNow(String why, Throwable cause) {
    super(why, cause);
  }

  NotNow(Throwable cause) {
    super("the ledger cannot be read", cause);
  }
}
