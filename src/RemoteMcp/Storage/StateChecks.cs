using System.Buffers;

namespace RemoteMcp.Storage;

/// <summary>
/// Checks the rules of Azure Table Storage before anything is sent. An emulator accepts more than Azure does, and data that passes a test
/// must not fail in production.
/// </summary>
internal static class StateChecks
{
    private static readonly SearchValues<char> s_refusedInKeys = SearchValues.Create(
        [.. "/\\#?", .. CharRange('\u0000', '\u001F'), .. CharRange('\u007F', '\u009F')]);

    // Azure accepts times from 1601 on. The Unix epoch is the expiry of a tombstone (TableRow.Tombstone). No row may expire before it.
    private static readonly DateTimeOffset s_earliestExpiry = DateTimeOffset.UnixEpoch;

    public static void Table(string table)
    {
        ArgumentNullException.ThrowIfNull(table);
        if (table.Length is < 3 or > StateLimits.MaxTableNameLength
            || !char.IsAsciiLetter(table[0])
            || !table.All(char.IsAsciiLetterOrDigit)
            || table.Equals("tables", StringComparison.OrdinalIgnoreCase))
        {
            throw new ArgumentException(
                $"A table name must have 3 to {StateLimits.MaxTableNameLength} letters and digits, and start with a letter. "
                + "The name 'tables' is reserved.",
                nameof(table));
        }
    }

    public static void Key(StateKey key)
    {
        Table(key.Table);
        Key(key.Partition, "partition");
        Key(key.Row, "row");
    }

    public static void Query(string table, string partition, StateRange range)
    {
        Table(table);
        Key(partition, "partition");
        if (range.After is not null)
        {
            Key(range.After, "after");
        }

        if (range.Before is not null)
        {
            Key(range.Before, "before");
        }
    }

    public static void ETag(string etag)
    {
        ArgumentNullException.ThrowIfNull(etag);
        if (etag is "" or "*")
        {
            throw new ArgumentException("An ETag must identify one version of a row. It must not be empty or '*'.", nameof(etag));
        }
    }

    public static void Content(BinaryData body, DateTimeOffset expiresAt)
    {
        ArgumentNullException.ThrowIfNull(body);
        if (body.Length > StateLimits.MaxBodyBytes)
        {
            throw new ArgumentException(
                $"A body can have at most {StateLimits.MaxBodyBytes} bytes. This one has {body.Length}.", nameof(body));
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(expiresAt, s_earliestExpiry);
    }

    public static void Batch(string table, string partition, IReadOnlyList<StateChange> changes)
    {
        Table(table);
        Key(partition, "partition");
        ArgumentNullException.ThrowIfNull(changes);
        if (changes.Count is < 1 or > StateLimits.MaxBatchOperations)
        {
            throw new ArgumentException(
                $"A batch must have 1 to {StateLimits.MaxBatchOperations} changes. This one has {changes.Count}.", nameof(changes));
        }

        var rows = new HashSet<string>(changes.Count, StringComparer.Ordinal);
        var bytes = 0;
        foreach (var change in changes)
        {
            Key(change.Row, "row");
            if (!rows.Add(change.Row))
            {
                throw new ArgumentException("A batch must not change the same row twice.", nameof(changes));
            }

            bytes += CheckAndMeasure(change);
        }

        if (bytes > StateLimits.MaxBatchBytes)
        {
            throw new ArgumentException(
                $"The bodies of a batch can have at most {StateLimits.MaxBatchBytes} bytes in total. These have {bytes}.", nameof(changes));
        }
    }

    /// <summary>Checks the ETag, the body, and the expiry of a change, and returns the length of its body.</summary>
    private static int CheckAndMeasure(StateChange change)
    {
        switch (change)
        {
            case StateChange.Insert insert:
                Content(insert.Body, insert.ExpiresAt);
                return insert.Body.Length;
            case StateChange.Replace replace:
                ETag(replace.ETag);
                Content(replace.Body, replace.ExpiresAt);
                return replace.Body.Length;
            case StateChange.Delete { ETag: { } etag }:
                ETag(etag);
                return 0;
            default:
                return 0;
        }
    }

    private static void Key(string key, string parameter)
    {
        ArgumentNullException.ThrowIfNull(key, parameter);
        if (key.Length is 0 or > StateLimits.MaxKeyLength)
        {
            throw new ArgumentException(
                $"A key must have 1 to {StateLimits.MaxKeyLength} characters. This one has {key.Length}.", parameter);
        }

        var refused = key.AsSpan().IndexOfAny(s_refusedInKeys);
        if (refused >= 0)
        {
            throw new ArgumentException(
                "A key must not contain / \\ # ? or control characters. "
                    + $"This one has U+{(int)key[refused]:X4} at index {refused}.", parameter);
        }

        if (!IsWellFormed(key))
        {
            throw new ArgumentException("A key must be well-formed Unicode. This one has half of a surrogate pair.", parameter);
        }
    }

    private static bool IsWellFormed(string key)
    {
        for (var i = 0; i < key.Length; i++)
        {
            if (char.IsSurrogate(key[i]) && !(i + 1 < key.Length && char.IsSurrogatePair(key[i], key[++i])))
            {
                return false;
            }
        }

        return true;
    }

    private static IEnumerable<char> CharRange(char first, char last) =>
        Enumerable.Range(first, last - first + 1).Select(c => (char)c);
}
