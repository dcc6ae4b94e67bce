package tidefs.fs;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import tidefs.store.Journal;
import tidefs.store.JournalRecord;

/** Passes on to a journal what it keeps a copy of: every payload, from the first on. */
final class RecordedJournal implements Journal {
  private final Journal journal;
  private final List<byte[]> payloads = new ArrayList<>();

  RecordedJournal(Journal journal) {
    this.journal = journal;
  }

  synchronized List<byte[]> payloads() {
    return List.copyOf(payloads);
  }

  @Override
  public JournalRecord.Writer writer() {
    return journal.writer();
  }

  @Override
  public long firstSequence() {
    return journal.firstSequence();
  }

  @Override
  public long replay(long fromSequence, RecordSink sink) {
    return journal.replay(fromSequence, sink);
  }

  @Override
  public void append(long firstSequence, int count, ByteBuffer records) {
    synchronized (this) {
      for (int at = records.position(); at < records.limit(); ) {
        byte[] payload = new byte[JournalRecord.payload(records, at).remaining()];
        JournalRecord.payload(records, at).get(payload);
        payloads.add(payload);
        at += JournalRecord.announcedLength(records, at);
      }
    }
    journal.append(firstSequence, count, records);
  }

  @Override
  public long room() {
    return journal.room();
  }

  @Override
  public boolean replenish() {
    return journal.replenish();
  }

  @Override
  public void restart(long nextSequence) {
    journal.restart(nextSequence);
  }

  @Override
  public void verify() {
    journal.verify();
  }

  @Override
  public void trim(long belowSequence) {
    journal.trim(belowSequence);
  }

  @Override
  public void close() {
    journal.close();
  }
}
