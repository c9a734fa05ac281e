/// What a value must look like: compiled from a schema, checked, and converted.
///
/// Start reading at `Model`. May use: base. Speaks: JSON Schema, Avro, Protobuf.
@NullMarked
package io.tidegate.model;

import org.jspecify.annotations.NullMarked;
