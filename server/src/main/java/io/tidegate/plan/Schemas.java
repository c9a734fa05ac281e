package io.tidegate.plan;

import io.tidegate.config.Catalog;
import io.tidegate.config.Fault;
import io.tidegate.config.GatewayConfig;
import io.tidegate.config.Model.SchemaChoice;
import io.tidegate.config.Model.Structured;
import io.tidegate.config.Place;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.util.Optional;

/// The texts of schemas, looked up in catalogs. Files are read when the plan is made.
final class Schemas {
  private static final long LARGEST = 4 << 20;

  private final GatewayConfig config;
  private final Faults faults;

  Schemas(GatewayConfig config, Faults faults) {
    this.config = config;
    this.faults = faults;
  }

  /// Empty when there is none; the fault is noted.
  Optional<String> text(Structured model, SchemaChoice choice, Optional<String> topicSubject) {
    var catalog = config.catalog(model.catalog());
    return switch (choice) {
      case SchemaChoice.BySubject(var subject, var version) ->
          find(model.place(), catalog, subject, version);
      case SchemaChoice.ById _ -> {
        faults.add(
            Fault.of(model.place(), "schemas of a file have no ids", "a 'subject' of the catalog"));
        yield Optional.empty();
      }
      case SchemaChoice.ByStrategy(var strategy, var version) when strategy.equals("topic") -> {
        if (topicSubject.isEmpty()) {
          faults.add(
              Fault.of(
                  model.place(),
                  "'strategy: topic' needs a topic that is named outright",
                  "a 'subject' of the catalog"));
        }
        yield topicSubject.flatMap(subject -> find(model.place(), catalog, subject, version));
      }
      case SchemaChoice.ByStrategy _ -> {
        faults.notYet(model.place(), "'strategy: encoded'");
        yield Optional.empty();
      }
    };
  }

  private Optional<String> find(Place place, Catalog catalog, String subject, String version) {
    return switch (catalog) {
      case Catalog.Inline inline -> inline(place, inline, subject, version);
      case Catalog.Files files -> {
        var path = files.subjects().get(subject);
        yield path == null ? unknown(place, catalog, subject) : read(files.place(), path);
      }
      case Catalog.Registry registry -> {
        faults.notYet(registry.place(), "a schema registry");
        yield Optional.empty();
      }
    };
  }

  private Optional<String> inline(
      Place place, Catalog.Inline inline, String subject, String version) {
    var found = inline.subjects().get(subject);
    if (found == null) {
      return unknown(place, inline, subject);
    }
    if (!version.equals("latest") && !version.equals(found.version())) {
      faults.add(
          Fault.of(
              place,
              "subject '" + subject + "' has no version '" + version + "'",
              "'" + found.version() + "'"));
      return Optional.empty();
    }
    return Optional.of(found.schema());
  }

  private Optional<String> unknown(Place place, Catalog catalog, String subject) {
    faults.add(
        Fault.of(place, "catalog '" + catalog.name() + "' has no subject '" + subject + "'"));
    return Optional.empty();
  }

  private Optional<String> read(Place place, String path) {
    var file = FileMappings.beside(place, path);
    try {
      if (Files.size(file) > LARGEST) {
        faults.add(Fault.of(place, "the schema " + file + " is larger than 4 MiB"));
        return Optional.empty();
      }
      return Optional.of(Files.readString(file));
    } catch (CharacterCodingException malformed) {
      faults.add(Fault.of(place, "the schema " + file + " is not UTF-8"));
    } catch (IOException failed) {
      faults.add(Fault.of(place, "the schema " + file + " cannot be read", "a file"));
    }
    return Optional.empty();
  }
}
