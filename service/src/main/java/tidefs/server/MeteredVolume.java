package tidefs.server;

import java.util.OptionalLong;
import java.util.function.ToLongFunction;
import tidefs.fs.Usage;
import tidefs.fs.throughput.Caps;
import tidefs.fs.throughput.Governor;
import tidefs.fs.throughput.Mode;
import tidefs.metrics.IoCounters;
import tidefs.metrics.MeteredFileSystem;
import tidefs.nfs4.state.Volume;

/** An open file system as it is metered: its counters and its governor. */
record MeteredVolume(
    Volume volume, Governor governor, IoCounters io, ToLongFunction<Volume> countConnections)
    implements MeteredFileSystem {
  @Override
  public String id() {
    return volume.id();
  }

  @Override
  public long connections() {
    return countConnections.applyAsLong(volume);
  }

  @Override
  public OptionalLong creditBytes() {
    return governor.settings().mode() instanceof Mode.Elastic
        ? OptionalLong.empty()
        : OptionalLong.of(governor.creditBytes());
  }

  @Override
  public long permittedBytesPerSecond() {
    return governor.allowance().meteredBytesPerSecond();
  }

  @Override
  public Operations operationLimits() {
    Caps caps = governor.allowance().caps();
    return new Operations(caps.readOperationsPerSecond(), caps.writeOperationsPerSecond());
  }

  @Override
  public Storage storage() {
    Usage usage = volume.fileSystem().usage();
    return new Storage(
        usage.standardBytes(),
        usage.infrequentAccess().bytes(),
        usage.infrequentAccess().overheadBytes(),
        usage.archive().bytes(),
        usage.archive().overheadBytes());
  }
}
