import { Gauge, type GaugeConfiguration, type Registry } from 'prom-client';

/** A figure that is looked up when somebody asks. */
export function addGauge<Label extends string>(
  registry: Registry,
  figure: Omit<GaugeConfiguration<Label>, 'registers' | 'collect'> & {
    readonly collect: (this: Gauge<Label>) => void | Promise<void>;
  },
): void {
  registry.registerMetric(new Gauge({ ...figure, registers: [] }));
}
