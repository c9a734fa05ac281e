/// `zilla.yaml` as immutable records: its grammar, its links, and every fault at once.
///
/// Start reading at `GatewayConfig` for what comes out, at `ConfigReader` for how it gets there. May
/// use: base.
///
/// There is one file per binding type (`Tcp`, `Http`, `HttpKafka`, ...): the records, and below them
/// the reader that looks like the type's option table. A new type is such a file, a line in
/// `Protocol` and a line in `Grammar`; that is why this room holds more files than most.
///
///     text --SourceText--> ${{env.X}} replaced --YamlText--> Yaml tree
///          --Mapping, Form--> Namespace records --Linker--> Loaded
@NullMarked
package io.tidegate.config;

import org.jspecify.annotations.NullMarked;
