using Microsoft.Extensions.Time.Testing;
using RemoteMcp.DataProtection;
using RemoteMcp.Storage;
using RemoteMcp.Tests.Storage;
using Xunit;

namespace RemoteMcp.Tests.DataProtection;

/// <summary>Tests the secrets that all instances share.</summary>
public sealed class FleetSecretTests
{
    private readonly MemoryStateStore _store = new(new FakeTimeProvider(DateTimeOffset.UtcNow));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Concurrent_instances_get_the_same_32_bytes()
    {
        var fleet = Enumerable.Range(0, 4).Select(_ => new FleetInstance(_store)).ToList();
        try
        {
            var secrets = await Task.WhenAll(
                fleet.Select(instance => Task.Run(async () => await instance.Secrets.GetAsync("sessions", Cancel), Cancel)));

            Assert.All(secrets, secret => Assert.Equal(32, secret.Length));
            Assert.All(secrets, secret => Assert.Equal(secrets[0].ToArray(), secret.ToArray()));
        }
        finally
        {
            fleet.ForEach(instance => instance.Dispose());
        }
    }

    [Fact]
    public async Task Each_purpose_has_its_own_secret()
    {
        using var instance = new FleetInstance(_store);

        Assert.NotEqual(
            (await instance.Secrets.GetAsync("sessions", Cancel)).ToArray(),
            (await instance.Secrets.GetAsync("events", Cancel)).ToArray());
    }

    [Fact]
    public async Task An_instance_reads_the_secret_only_once()
    {
        var store = new ControlledStore(_store);
        using var instance = new FleetInstance(store);
        var secret = await instance.Secrets.GetAsync("sessions", Cancel);
        var before = store.Requests.Count;
        store.Before = ControlledStore.Down;

        Assert.Equal(secret.ToArray(), (await instance.Secrets.GetAsync("sessions", Cancel)).ToArray());
        Assert.Equal(before, store.Requests.Count);
    }

    [Fact]
    public async Task A_storage_outage_is_reported_and_not_cached()
    {
        var store = new ControlledStore(_store) { Before = ControlledStore.Down };
        using var instance = new FleetInstance(store);

        await Assert.ThrowsAsync<StateUnavailableException>(async () => await instance.Secrets.GetAsync("sessions", Cancel));
        store.Before = null;
        Assert.Equal(32, (await instance.Secrets.GetAsync("sessions", Cancel)).Length);
    }

    [Fact]
    public async Task The_stored_secret_is_sealed()
    {
        using var instance = new FleetInstance(_store);
        var secret = await instance.Secrets.GetAsync("sessions", Cancel);

        var row = await _store.FindAsync(new StateKey(KeyRows.Table, KeyRows.Secrets, "sessions"), Cancel);
        var stored = System.Buffers.Text.Base64Url.DecodeFromChars(row!.Body.ToObjectFromJson<string>());
        Assert.True(stored.Length > 32 && stored.AsSpan().IndexOf(secret.Span) < 0, "The stored secret is not sealed.");
    }

    [Fact]
    public async Task A_secret_that_was_sealed_for_another_purpose_is_not_used()
    {
        using var instance = new FleetInstance(_store);
        var sessions = await instance.Secrets.GetAsync("sessions", Cancel);
        var row = await _store.FindAsync(new StateKey(KeyRows.Table, KeyRows.Secrets, "sessions"), Cancel);
        await _store.TryInsertAsync(new StateKey(KeyRows.Table, KeyRows.Secrets, "events"), row!.Body, KeyRows.Never, Cancel);

        Assert.NotEqual(sessions.ToArray(), (await instance.Secrets.GetAsync("events", Cancel)).ToArray());
    }

    [Theory]
    [InlineData("\"AAAA\"")]
    [InlineData("\"not base64url!\"")]
    [InlineData("{}")]
    [InlineData("")]
    public async Task A_secret_that_no_key_can_open_is_replaced_for_all_instances(string body)
    {
        var key = new StateKey(KeyRows.Table, KeyRows.Secrets, "sessions");
        await _store.TryInsertAsync(key, BinaryData.FromString(body), KeyRows.Never, Cancel);
        using var first = new FleetInstance(_store);
        using var second = new FleetInstance(_store);

        Assert.Equal(
            (await first.Secrets.GetAsync("sessions", Cancel)).ToArray(), (await second.Secrets.GetAsync("sessions", Cancel)).ToArray());
    }

    [Fact]
    public async Task A_secret_of_a_lost_ring_is_replaced()
    {
        byte[] lost;
        using (var before = new FleetInstance(_store))
        {
            lost = (await before.Secrets.GetAsync("sessions", Cancel)).ToArray();
        }

        await foreach (var row in _store.QueryAsync(KeyRows.Table, KeyRows.Ring, default, Cancel))
        {
            await _store.DeleteAsync(row.Key, Cancel);
        }

        using var first = new FleetInstance(_store);
        using var second = new FleetInstance(_store);
        var secret = (await first.Secrets.GetAsync("sessions", Cancel)).ToArray();
        Assert.NotEqual(lost, secret);
        Assert.Equal(secret, (await second.Secrets.GetAsync("sessions", Cancel)).ToArray());
    }
}
