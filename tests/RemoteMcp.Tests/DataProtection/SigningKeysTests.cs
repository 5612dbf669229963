using System.Buffers.Text;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.Tokens;
using RemoteMcp.DataProtection;
using RemoteMcp.Storage;
using RemoteMcp.Tests.Storage;
using Xunit;

namespace RemoteMcp.Tests.DataProtection;

/// <summary>Tests the keys that sign the server's own access tokens.</summary>
public sealed class SigningKeysTests
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);
    private readonly MemoryStateStore _store;

    public SigningKeysTests() => _store = new MemoryStateStore(_time);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Concurrent_instances_sign_with_the_same_key()
    {
        var fleet = Enumerable.Range(0, 4).Select(_ => Instance()).ToList();
        try
        {
            var keys = await Task.WhenAll(fleet.Select(instance => Task.Run(() => CurrentAsync(instance), Cancel)));

            Assert.Single(keys.Distinct());
        }
        finally
        {
            fleet.ForEach(static instance => instance.Dispose());
        }
    }

    [Fact]
    public async Task Key_is_replaced_after_60_days_and_stays_valid_for_its_last_tokens()
    {
        using var instance = Instance();
        var first = await CurrentAsync(instance);

        _time.Advance(TimeSpan.FromDays(61));
        var second = await CurrentAsync(instance);

        Assert.NotEqual(first, second);
        Assert.Equal([first, second], await ValidAsync(instance));
        _time.Advance(TimeSpan.FromDays(2));
        Assert.Equal([second], await ValidAsync(instance));
    }

    [Fact]
    public async Task Instance_finds_the_new_key_of_another_instance_for_an_unknown_token()
    {
        using var first = Instance();
        using var second = Instance();
        await CurrentAsync(first);
        await CurrentAsync(second);
        _time.Advance(TimeSpan.FromDays(61));
        // The second instance has read the rows just before the first instance adds the key.
        await ValidAsync(second);
        var added = await CurrentAsync(first);
        Assert.DoesNotContain(added, await ValidAsync(second));

        _time.Advance(TimeSpan.FromSeconds(10));
        second.SigningKeys.RequestRefresh();

        Assert.Contains(added, await ValidAsync(second));
    }

    [Fact]
    public async Task Unknown_tokens_cause_at_most_one_read_in_ten_seconds()
    {
        var store = new ControlledStore(_store);
        using var instance = new FleetInstance(store, _time);
        await CurrentAsync(instance);
        var before = store.Requests.Count;

        for (var token = 0; token < 100; token++)
        {
            instance.SigningKeys.RequestRefresh();
            await ValidAsync(instance);
        }

        Assert.Equal(before, store.Requests.Count);
    }

    [Fact]
    public async Task Tokens_are_validated_without_the_storage()
    {
        var store = new ControlledStore(_store);
        using var instance = new FleetInstance(store, _time);
        var key = await CurrentAsync(instance);
        store.Before = ControlledStore.Down;

        _time.Advance(TimeSpan.FromHours(1));

        Assert.Equal([key], await ValidAsync(instance));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("\"text\"")]
    [InlineData("""{"CreatedAt":"2026-01-01T00:00:00Z","Key":"AAAA"}""")]
    [InlineData("""{"CreatedAt":"2026-01-01T00:00:00Z","Key":"not base64url!"}""")]
    public async Task Row_that_no_key_can_open_is_ignored(string body)
    {
        await _store.TryInsertAsync(
            new StateKey(KeyRows.Table, SigningKeys.Partition, "0000000001"), BinaryData.FromString(body), KeyRows.Never, Cancel);
        using var first = Instance();
        using var second = Instance();

        Assert.Equal(await CurrentAsync(first), await CurrentAsync(second));
    }

    [Fact]
    public async Task Stored_key_is_sealed()
    {
        using var instance = Instance();
        var current = await instance.SigningKeys.GetCurrentAsync(Cancel);
        var secret = ((ECDsaSecurityKey)current.Key).ECDsa.ExportParameters(includePrivateParameters: true).D!;

        await foreach (var row in _store.QueryAsync(KeyRows.Table, SigningKeys.Partition, default, Cancel))
        {
            var stored = row.Body.ToObjectFromJson<Dictionary<string, object>>()!["Key"].ToString();
            Assert.True(Base64Url.DecodeFromChars(stored).AsSpan().IndexOf(secret) < 0, "The stored key is not sealed.");
        }
    }

    private FleetInstance Instance() => new(_store, _time);

    private static async Task<string> CurrentAsync(FleetInstance instance) => (await instance.SigningKeys.GetCurrentAsync(Cancel)).Kid;

    private static async Task<IReadOnlyList<string>> ValidAsync(FleetInstance instance) =>
        [.. (await instance.SigningKeys.GetBaseConfigurationAsync(Cancel)).SigningKeys.Select(static key => key.KeyId)];
}
