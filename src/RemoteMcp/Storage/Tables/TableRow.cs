using Azure.Data.Tables;

namespace RemoteMcp.Storage.Tables;

/// <summary>
/// Converts rows to and from table entities. An entity has <c>Expires</c> (Edm.DateTime), <c>WriteId</c> (Edm.Guid), and the body in
/// <c>Body00</c>, <c>Body01</c> … (Edm.Binary, 64 KiB each). The write id is new for every write, so that a writer recognizes its own
/// write when the response was lost.
/// </summary>
internal static class TableRow
{
    public const string Expires = nameof(Expires);
    public const string WriteId = nameof(WriteId);
    private const int MaxPropertyBytes = 64 * 1024;

    /// <summary>The properties that show which write created a row and whether the row is live, without the body.</summary>
    public static readonly IReadOnlyList<string> PropertiesWithoutBody = [Expires, WriteId];

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

    /// <summary>
    /// Returns a row that expired long ago. It stands for an absent row in a batch that must not fail because the row is missing.
    /// </summary>
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
