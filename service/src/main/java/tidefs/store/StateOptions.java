package tidefs.store;

import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.ChecksumType;
import org.rocksdb.CompressionType;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.Options;

/**
 * How RocksDB is set up for a server with a thousand stores: nothing large per store, threads and
 * memory shared, few open files, blocks of metadata size.
 */
final class StateOptions {
  private static final int OPEN_FILES = 256;
  private static final long WRITE_BUFFER_BYTES = 32L << 20;
  private static final long ARENA_BLOCK_BYTES = 128L << 10;
  private static final int WRITE_BUFFERS = 4;
  private static final long BLOCK_BYTES = 8L << 10;
  private static final long FILE_BYTES = 32L << 20;
  private static final int TABLE_FORMAT = 6;
  private static final long LOG_BYTES = 1L << 20;
  private static final long SYNC_EVERY_BYTES = 1L << 20;

  private StateOptions() {}

  static Options create(StoreResources resources) {
    BlockBasedTableConfig table =
        new BlockBasedTableConfig()
            .setBlockCache(resources.blockCache())
            .setBlockSize(BLOCK_BYTES)
            .setCacheIndexAndFilterBlocks(true)
            .setPinL0FilterAndIndexBlocksInCache(true)
            .setFilterPolicy(resources.filter())
            .setOptimizeFiltersForMemory(true)
            .setChecksumType(ChecksumType.kXXH3)
            .setFormatVersion(TABLE_FORMAT);
    Options options = new Options();
    options
        .setCreateIfMissing(true)
        .setParanoidChecks(true)
        .setAtomicFlush(true)
        .setAvoidFlushDuringShutdown(true)
        .setAllowConcurrentMemtableWrite(false) // One writer at a time: the store's mutex.
        .setMaxOpenFiles(OPEN_FILES)
        .setWriteBufferManager(resources.writeBuffers())
        .setSstFileManager(resources.files())
        .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
        .setMaxLogFileSize(LOG_BYTES)
        .setKeepLogFileNum(2)
        .setStatsDumpPeriodSec(0)
        .setStatsPersistPeriodSec(0)
        .setBytesPerSync(SYNC_EVERY_BYTES);
    options
        .setTableFormatConfig(table)
        .setWriteBufferSize(WRITE_BUFFER_BYTES)
        .setArenaBlockSize(ARENA_BLOCK_BYTES)
        .setMaxWriteBufferNumber(WRITE_BUFFERS)
        .setTargetFileSizeBase(FILE_BYTES)
        .setLevelCompactionDynamicLevelBytes(true)
        .setCompressionType(CompressionType.LZ4_COMPRESSION)
        .setBottommostCompressionType(CompressionType.ZSTD_COMPRESSION);
    return options;
  }
}
