package tidefs.server.copies;

import java.io.IOException;
import java.util.List;
import tidefs.backup.SealedEntries;

/** What a server keeps beside the contents of its file systems, to be saved while it serves. */
public interface ServerState {
  /** An entry of the store of resources and users. */
  char RESOURCE = 'r';

  /** An entry of the store of metrics, alarms and topics. */
  char MONITORING = 'm';

  /** A file of the data directory, by its path in it. */
  char FILE = 'f';

  /** The configuration in effect, as a file would give it. */
  char CONFIGURATION = 'c';

  /** The state as it is now. Close it: it holds space. */
  Instant now();

  /** The state at one instant. */
  interface Instant extends AutoCloseable {
    /** The file systems that have contents. */
    List<String> fileSystems();

    /** Writes all but those contents. */
    void write(SealedEntries.Writer to) throws IOException;

    @Override
    void close();
  }
}
