package io.tidegate.model;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.path.PathType;
import io.tidegate.base.Bytes;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// JSON that any of some schemas takes. Nothing is fetched: a schema refers to itself, or to the
/// drafts of JSON Schema.
final class JsonCodec implements Codec {
  private static final String DRAFTS = "json-schema.org/";

  private final List<Schema> schemas;

  private JsonCodec(List<Schema> schemas) {
    this.schemas = schemas;
  }

  static JsonCodec of(List<String> texts) {
    var registry =
        SchemaRegistry.withDefaultDialect(
            SpecificationVersion.DRAFT_2020_12,
            builder ->
                builder
                    .schemaRegistryConfig(config())
                    .schemaLoader(loader ->
                        loader
                            .fetchRemoteResources(false)
                            .block(iri -> !iri.toString().contains(DRAFTS))));
    var schemas = new ArrayList<Schema>();
    for (var text : texts) {
      schemas.add(compile(registry, text));
    }
    return new JsonCodec(List.copyOf(schemas));
  }

  private static SchemaRegistryConfig config() {
    return SchemaRegistryConfig.builder()
        .pathType(PathType.JSON_POINTER)
        .formatAssertionsEnabled(true)
        .failFast(false)
        .build();
  }

  private static Schema compile(SchemaRegistry registry, String text) {
    try {
      var node = JsonText.MAPPER.readTree(text);
      if (!node.isObject() && !node.isBoolean()) {
        throw new BadModel("a JSON Schema is an object, or true or false");
      }
      checkAgainstDraft(registry, node);
      var schema = registry.getSchema(node);
      schema.initializeValidators();
      return schema;
    } catch (JacksonException malformed) {
      throw new BadModel("the schema is not JSON: " + malformed.getOriginalMessage());
    } catch (SchemaException refused) {
      throw BadModel.because("the schema does not compile", refused);
    }
  }

  /// A schema is a document with a schema.
  private static void checkAgainstDraft(SchemaRegistry registry, JsonNode schema) {
    var draft =
        SpecificationVersion.fromSchemaNode(schema).orElse(SpecificationVersion.DRAFT_2020_12);
    var meta = registry.getSchema(com.networknt.schema.SchemaLocation.of(draft.getDialectId()));
    var errors = meta.validate(schema);
    if (!errors.isEmpty()) {
      var first = errors.getFirst();
      throw new BadModel(
          "the schema is wrong at "
              + place(first.getInstanceLocation().toString())
              + ": "
              + first.getMessage());
    }
  }

  @Override
  public Verdict toStored(Bytes value) {
    var node = JsonText.read(value);
    if (node == null) {
      return JsonText.BROKEN;
    }
    List<Error> errors = List.of();
    for (var schema : schemas) {
      errors = schema.validate(node);
      if (errors.isEmpty()) {
        return new Verdict.Fits(value);
      }
    }
    return new Verdict.Misfit(describe(errors.getFirst()));
  }

  /// The place and the rule; the message might quote what is there.
  private static String describe(Error error) {
    var where = place(error.getInstanceLocation().toString());
    var member = error.getProperty();
    return where
        + " breaks the rule '"
        + error.getKeyword()
        + "'"
        + (member == null ? "" : " for '" + member + "'");
  }

  private static String place(String pointer) {
    return pointer.isEmpty() ? "the whole" : pointer;
  }
}
