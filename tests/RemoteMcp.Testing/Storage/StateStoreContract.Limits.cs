using RemoteMcp.Storage;
using Xunit;

namespace RemoteMcp.Testing.Storage;

public abstract partial class StateStoreContract
{
    /// <summary>Keys that Azure accepts, but that are easily damaged in a URL, in a filter, or in a batch.</summary>
    public static TheoryData<string> StrangeKeys =>
    [
        "ключ", "日本語", "\U0001F98A", "e\u0301", "é", " ", " a b ", "it's", "''", "\"quoted\"",
        "100%", "%2F", "%25", "a+b", "a&b=c", ".", "..", "(x)",
        "$metadata", "a,b;c:d", "<b>", "{}[]|^`~!@*", "\u00A0", "\uFFFD", "PartitionKey='x'",
        new string('k', StateLimits.MaxKeyLength), new string('語', StateLimits.MaxKeyLength),
    ];

    public static TheoryData<string> BadKeys =>
    [
        "", "/", "a/b", "\\", "#", "?", "\0", "\t", "a\nb", "\r", "\u001F", "\u007F", "\u0080", "\u009F",
        "\uD83E", "\uDD8A", "\uDD8A\uD83E", new string('k', StateLimits.MaxKeyLength + 1),
    ];

    [Theory]
    [MemberData(nameof(StrangeKeys))]
    public async Task Every_operation_accepts_every_key_that_Azure_allows(string key)
    {
        var etag = await InsertAsync(Key(key, key), "1");
        Assert.Equal("1", await TextAsync(Key(key, key)));
        Assert.Null(await _store.TryInsertAsync(Key(key, key), Json("2"), InAnHour, Cancel));
        etag = await _store.TryReplaceAsync(Key(key, key), etag, Json("2"), InAnHour, Cancel);
        Assert.Equal([key], await RowsAsync(key));
        Assert.Empty(await RowsAsync(key, new StateRange(After: key)));
        Assert.Empty(await RowsAsync(key, new StateRange(Before: key)));
        Assert.True(await _store.TryCommitAsync(Table, key, [new StateChange.Replace(key, etag!, Json("3"), InAnHour)], Cancel));
        Assert.Equal("3", await TextAsync(Key(key, key)));
        Assert.True(await _store.TryCommitAsync(Table, key, [new StateChange.Delete(key)], Cancel));
        Assert.True(await _store.TryCommitAsync(Table, key, [Insert(key)], Cancel));
        await _store.DeleteAsync(Key(key, key), Cancel);
        etag = await InsertAsync(Key(key, key));
        Assert.True(await _store.TryDeleteAsync(Key(key, key), etag, Cancel));
        Assert.Empty(await RowsAsync(key));
    }

    [Fact]
    public async Task Texts_that_look_alike_are_different_keys()
    {
        await InsertAsync(Key("e\u0301"), "decomposed");
        await InsertAsync(Key("é"), "composed");
        Assert.Equal("decomposed", await TextAsync(Key("e\u0301")));
    }

    [Theory]
    [MemberData(nameof(BadKeys))]
    public async Task Every_operation_refuses_a_key_that_Azure_refuses(string key)
    {
        var etag = await InsertAsync(Key("good"));
        foreach (var bad in new[] { Key(key), Key("row", key) })
        {
            await AssertRefusesAsync(() => _store.FindAsync(bad, Cancel));
            await AssertRefusesAsync(() => _store.TryInsertAsync(bad, Json("1"), InAnHour, Cancel));
            await AssertRefusesAsync(() => _store.TryReplaceAsync(bad, etag, Json("1"), InAnHour, Cancel));
            await AssertRefusesAsync(() => _store.DeleteAsync(bad, Cancel));
            await AssertRefusesAsync(() => _store.TryDeleteAsync(bad, etag, Cancel));
            await AssertRefusesAsync(() => _store.TryCommitAsync(Table, bad.Partition, [Insert("fine"), Insert(bad.Row)], Cancel));
        }

        await AssertRefusesAsync(() => _store.QueryAsync(Table, key, default, Cancel).ToArrayAsync(Cancel).AsTask());
        await AssertRefusesAsync(() => _store.QueryAsync(Table, "p", new StateRange(After: key), Cancel).ToArrayAsync(Cancel).AsTask());
        await AssertRefusesAsync(() => _store.QueryAsync(Table, "p", new StateRange(Before: key), Cancel).ToArrayAsync(Cancel).AsTask());
        Assert.Equal(["good"], await RowsAsync());
    }

    [Theory]
    [InlineData("")]
    [InlineData("ab")]
    [InlineData("1abc")]
    [InlineData("a-b-c")]
    [InlineData("tablé")]
    [InlineData("a b c")]
    [InlineData("../x")]
    [InlineData("Tables")]
    [InlineData("t23456789012345678901234567890123")]
    public async Task A_table_name_that_Azure_refuses_is_refused(string table)
    {
        await AssertRefusesAsync(() => _store.FindAsync(Key("a") with { Table = table }, Cancel));
        await AssertRefusesAsync(() => _store.TryCommitAsync(table, "p", [Insert("a")], Cancel));
        await AssertRefusesAsync(() => _store.QueryAsync(table, "p", default, Cancel).ToArrayAsync(Cancel).AsTask());
        await AssertRefusesAsync(() => _store.SweepAsync(table, null, Cancel));
    }

    [Theory]
    [InlineData("")]
    [InlineData("*")]
    public async Task An_empty_or_wildcard_etag_is_refused(string etag)
    {
        await InsertAsync(Key("a"));
        await AssertRefusesAsync(() => _store.TryReplaceAsync(Key("a"), etag, Json("2"), InAnHour, Cancel));
        await AssertRefusesAsync(() => _store.TryDeleteAsync(Key("a"), etag, Cancel));
        await AssertRefusesAsync(
            () => _store.TryCommitAsync(Table, "p", [new StateChange.Replace("a", etag, Json("2"), InAnHour)], Cancel));
        await AssertRefusesAsync(() => _store.TryCommitAsync(Table, "p", [new StateChange.Delete("a", etag)], Cancel));
        Assert.Equal("1", await TextAsync(Key("a")));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData((64 * 1024) - 1)]
    [InlineData(64 * 1024)]
    [InlineData((64 * 1024) + 1)]
    [InlineData(5 * 64 * 1024)]
    [InlineData(StateLimits.MaxBodyBytes)]
    public async Task A_body_up_to_the_limit_is_stored_unchanged(int length)
    {
        var body = RandomBytes(length, seed: length);
        Assert.NotNull(await _store.TryInsertAsync(Key("a"), body, InAnHour, Cancel));
        var row = await _store.FindAsync(Key("a"), Cancel);
        Assert.True(body.ToMemory().Span.SequenceEqual(row!.Body.ToMemory().Span));
    }

    [Fact]
    public async Task A_shorter_body_completely_replaces_a_longer_one()
    {
        var etag = await _store.TryInsertAsync(Key("a"), RandomBytes(200_000, seed: 1), InAnHour, Cancel);
        await _store.TryReplaceAsync(Key("a"), etag!, Json("short"), InAnHour, Cancel);
        Assert.Equal("short", await TextAsync(Key("a")));
    }

    [Fact]
    public async Task A_body_over_the_limit_is_refused()
    {
        var etag = await InsertAsync(Key("a"));
        var body = RandomBytes(StateLimits.MaxBodyBytes + 1, seed: 1);
        await AssertRefusesAsync(() => _store.TryInsertAsync(Key("b"), body, InAnHour, Cancel));
        await AssertRefusesAsync(() => _store.TryReplaceAsync(Key("a"), etag, body, InAnHour, Cancel));
        await AssertRefusesAsync(() => _store.TryCommitAsync(Table, "p", [new StateChange.Insert("b", body, InAnHour)], Cancel));
        Assert.Equal(["a"], await RowsAsync());
    }

    [Fact]
    public async Task An_expiry_before_1970_is_refused()
    {
        await AssertRefusesAsync(() => _store.TryInsertAsync(Key("a"), Json("1"), default, Cancel));
        await AssertRefusesAsync(() => _store.TryInsertAsync(Key("a"), Json("1"), DateTimeOffset.UnixEpoch.AddTicks(-1), Cancel));
    }

    private static BinaryData RandomBytes(int length, int seed)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return BinaryData.FromBytes(bytes);
    }

    private static async Task AssertRefusesAsync(Func<Task> act) => await Assert.ThrowsAnyAsync<ArgumentException>(act);
}
