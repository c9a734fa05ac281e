package io.tidegate.log;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidegate.base.Time;
import io.tidegate.broker.SharedBroker;

class KafkaLogIT extends RecordLogContract {
  final SimpleMeterRegistry meters = new SimpleMeterRegistry();

  @Override
  RecordLog open() {
    return new KafkaLog(
        KafkaSettings.plain("test", SharedBroker.bootstrap()), Time.system(), meters);
  }
}
