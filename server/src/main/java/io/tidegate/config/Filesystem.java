package io.tidegate.config;

import io.tidegate.config.Binding.Kind;
import java.util.List;

/// A folder whose files are served.
public record Filesystem(Options options) implements Protocol {

  /// `location` is the folder. Symbolic links are followed only on demand.
  public record Options(Place place, String location, boolean followsLinks) {}

  static final Grammar GRAMMAR = Grammar.of("filesystem", Filesystem::read).kind(Kind.SERVER);

  @Override
  public String type() {
    return GRAMMAR.type();
  }

  @Override
  public List<Route<?, ?>> routes() {
    return List.of();
  }

  private static Filesystem read(Kind kind, Mapping binding) {
    return new Filesystem(
        binding.section(
            "options",
            options ->
                new Options(
                    options.place(),
                    options.required("location", Form.TEXT),
                    options
                        .or("symlinks", Form.word("ignore", "follow"), "ignore")
                        .equals("follow"))));
  }
}
