// What a metrics snapshot is made of, as Argus sends it.

export interface Sample {
  name: string;
  labels: Record<string, string>;
  value: number;
}

export interface Family {
  type: 'gauge' | 'counter' | 'histogram' | 'info';
  samples: Sample[];
}
