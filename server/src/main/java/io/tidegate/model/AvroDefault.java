package io.tidegate.model;

import java.io.IOException;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.Encoder;

/// What the schema says that a field is when nobody says anything.
final class AvroDefault {
  private AvroDefault() {}

  static void write(Schema.Field field, Encoder out) throws IOException {
    var value = GenericData.get().getDefaultValue(field);
    new GenericDatumWriter<Object>(field.schema()).write(value, out);
  }
}
