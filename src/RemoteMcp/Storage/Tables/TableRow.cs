using Azure.Data.Tables;

namespace RemoteMcp.Storage.Tables;

/// <summary>
/// A row as a table entity: <c>Expires</c> (Edm.DateTime), <c>WriteId</c> (Edm.Guid, new with every write, so that a write
/// whose answer was lost is known again) and the body in <c>Body00</c>, <c>Body01</c> … (Edm.Binary, 64 KiB each).
/// </summary>
internal static class TableRow
{
    public const string Expires = nameof(Expires);
    public const string WriteId = nameof(WriteId);
    private const int MaxPropertyBytes = 64 * 1024;

    /// <summary>What must be read to tell whose write a row is and whether it lives.</summary>
    public static readonly IReadOnlyList<string> Bookkeeping = [Expires, WriteId];

    public static TableEntity Create(string partition, string row, Guid writeId, BinaryData body, DateTimeOffset expiresAt)
    {
        var entity = new TableEntity(partition, row) { [Expires] = expiresAt.ToUniversalTime(), [WriteId] = writeId };
        var rest = body.ToMemory();
        for (var part = 0; rest.Length > 0; part++)
        {
            var length = Math.Min(rest.Length, MaxPropertyBytes);
            entity[BodyPart(part)] = BinaryData.FromBytes(rest[..length]);
            rest = rest[length..];
        }

        return entity;
    }

    /// <summary>A row that has long expired: what stands for "absent" where a batch must not fail on a missing row.</summary>
    public static TableEntity Tombstone(string partition, string row, Guid writeId) =>
        Create(partition, row, writeId, BinaryData.Empty, DateTimeOffset.UnixEpoch);

    public static StateRow ToRow(this TableEntity entity, string table) =>
        new(new StateKey(table, entity.PartitionKey, entity.RowKey), Body(entity), entity.Version().ToString(), entity.ExpiresAt());

    public static RowVersion Version(this TableEntity entity) => new(entity.ExpiresAt(), entity.ETag);

    public static DateTimeOffset ExpiresAt(this TableEntity entity) => entity.GetDateTimeOffset(Expires) ?? DateTimeOffset.UnixEpoch;

    public static bool IsWriteOf(this TableEntity entity, Guid writeId) => entity.GetGuid(WriteId) == writeId;

    private static BinaryData Body(TableEntity entity)
    {
        var first = entity.GetBinary(BodyPart(0));
        if (first is null || !entity.ContainsKey(BodyPart(1)))
        {
            return first is null ? BinaryData.Empty : BinaryData.FromBytes(first);
        }

        using var body = new MemoryStream();
        for (var part = 0; entity.GetBinary(BodyPart(part)) is { } bytes; part++)
        {
            body.Write(bytes);
        }

        return BinaryData.FromBytes(body.ToArray());
    }

    private static string BodyPart(int part) => $"Body{part:00}";
}
