package tidefs.metrics;

import java.lang.management.BufferPoolMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;

/** The Java virtual machine. */
public final class JvmMetrics implements PrometheusSource {
  /** Reads the machine's own beans. */
  public JvmMetrics() {}

  @Override
  public void write(PrometheusText out) {
    MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
    out.family("jvm_memory_used_bytes", "gauge", "Memory in use.")
        .sample("jvm_memory_used_bytes", (double) heap.getUsed(), "area", "heap")
        .sample(
            "jvm_memory_used_bytes",
            (double) ManagementFactory.getMemoryMXBean().getNonHeapMemoryUsage().getUsed(),
            "area",
            "nonheap");
    out.family("jvm_memory_max_bytes", "gauge", "The most heap there may be.")
        .sample("jvm_memory_max_bytes", (double) heap.getMax(), "area", "heap");
    out.family("jvm_buffer_pool_used_bytes", "gauge", "Buffers outside the heap.");
    for (var pool : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)) {
      out.sample(
          "jvm_buffer_pool_used_bytes", (double) pool.getMemoryUsed(), "pool", pool.getName());
    }
    out.family("jvm_gc_collection_seconds", "summary", "Garbage collections and their time.");
    for (GarbageCollectorMXBean gc : ManagementFactory.getGarbageCollectorMXBeans()) {
      out.sample(
          "jvm_gc_collection_seconds_count", (double) gc.getCollectionCount(), "gc", gc.getName());
      out.sample("jvm_gc_collection_seconds_sum", gc.getCollectionTime() / 1e3, "gc", gc.getName());
    }
    out.family("jvm_threads_current", "gauge", "Live platform threads.")
        .sample("jvm_threads_current", ManagementFactory.getThreadMXBean().getThreadCount());
    out.family("process_start_time_seconds", "gauge", "When the process began.")
        .sample(
            "process_start_time_seconds",
            ManagementFactory.getRuntimeMXBean().getStartTime() / 1e3);
    ProcessHandle.current()
        .info()
        .totalCpuDuration()
        .ifPresent(cpu ->
            out.family("process_cpu_seconds_total", "counter", "Time on processors.")
                .sample("process_cpu_seconds_total", cpu.toNanos() / 1e9));
  }
}
