using System.Xml.Linq;
using Microsoft.Extensions.Time.Testing;
using RemoteMcp.DataProtection;
using RemoteMcp.Storage;
using RemoteMcp.Tests.Storage;
using Xunit;

namespace RemoteMcp.Tests.DataProtection;

/// <summary>Tests the key ring that a fleet shares through its store.</summary>
public sealed class KeyRingTests
{
    private static readonly byte[] s_content = "something to keep"u8.ToArray();

    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);
    private readonly MemoryStateStore _store;

    public KeyRingTests() => _store = new MemoryStateStore(_time);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Another_instance_can_open_what_one_instance_sealed()
    {
        using var first = new FleetInstance(_store);
        using var second = new FleetInstance(_store);

        Assert.Equal(s_content, await second.Protector.TryOpenAsync(await first.Protector.SealAsync(s_content, Cancel), Cancel));
        Assert.Equal(s_content, await first.Protector.TryOpenAsync(await second.Protector.SealAsync(s_content, Cancel), Cancel));
    }

    [Fact]
    public async Task Instances_that_concurrently_find_no_key_create_only_one()
    {
        const int Instances = 4;
        var arrived = 0;
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var store = new ControlledStore(_store) { After = WaitForAllAsync };
        var fleet = Enumerable.Range(0, Instances).Select(_ => new FleetInstance(store)).ToList();
        try
        {
            var sealedByEach = await Task.WhenAll(
                fleet.Select(instance => Task.Run(async () => await instance.Protector.SealAsync(s_content, Cancel), Cancel)));

            Assert.Single(await RowsAsync());
            await Assert.AllAsync(fleet, async instance =>
                await Assert.AllAsync(
                    sealedByEach,
                    async sealedContent => Assert.Equal(s_content, await instance.Protector.TryOpenAsync(sealedContent, Cancel))));
        }
        finally
        {
            fleet.ForEach(instance => instance.Dispose());
        }

        // None of the first queries returns before every instance has read its rows.
        async Task WaitForAllAsync(string request, CancellationToken cancellationToken)
        {
            if (request.StartsWith("QUERY ", StringComparison.Ordinal) && Interlocked.Increment(ref arrived) is var place and <= Instances)
            {
                if (place == Instances)
                {
                    all.SetResult();
                }

                await all.Task.WaitAsync(TimeSpan.FromMinutes(1), cancellationToken);
            }
        }
    }

    [Fact]
    public async Task An_expired_key_is_replaced_and_can_still_open_its_content()
    {
        byte[] old;
        using (var before = new FleetInstance(_store))
        {
            old = await before.Protector.SealAsync(s_content, Cancel);
        }

        await ExpireAsync();
        using var after = new FleetInstance(_store);
        var fresh = await after.Protector.SealAsync(s_content, Cancel);

        Assert.Equal(2, (await RowsAsync()).Count);
        Assert.NotEqual(KeyOf(old), KeyOf(fresh));
        Assert.Equal(s_content, await after.Protector.TryOpenAsync(old, Cancel));
        using var another = new FleetInstance(_store);
        Assert.Equal(s_content, await another.Protector.TryOpenAsync(fresh, Cancel));
    }

    [Fact]
    public async Task A_revoked_key_cannot_open_its_content()
    {
        using var first = new FleetInstance(_store);
        var content = await first.Protector.SealAsync(s_content, Cancel);

        first.KeyManager.RevokeKey(KeyOf(content));

        using var second = new FleetInstance(_store);
        Assert.Null(await second.Protector.TryOpenAsync(content, Cancel));
    }

    [Fact]
    public async Task The_sweep_never_deletes_the_key_ring()
    {
        using var first = new FleetInstance(_store);
        var content = await first.Protector.SealAsync(s_content, Cancel);

        _time.Advance(TimeSpan.FromDays(50 * 365));
        await _store.SweepAsync(KeyRows.Table, null, Cancel);

        using var second = new FleetInstance(_store);
        Assert.Equal(s_content, await second.Protector.TryOpenAsync(content, Cancel));
    }

    [Fact]
    public async Task An_unreadable_key_ring_is_reported_as_unavailable_and_not_as_forgery()
    {
        var store = new ControlledStore(_store) { Before = ControlledStore.Down };
        using var instance = new FleetInstance(store);

        var refusal = await Assert.ThrowsAsync<StateUnavailableException>(
            async () => await instance.Protector.SealAsync(s_content, Cancel));
        Assert.Equal(TimeSpan.FromSeconds(7), refusal.RetryAfter);
        await Assert.ThrowsAsync<StateUnavailableException>(
            async () => await instance.Protector.TryOpenAsync([0x09, 0xF0, 0xC9, 0xF0, .. new byte[60]], Cancel));

        store.Before = null;
        Assert.Equal(s_content, await instance.Protector.TryOpenAsync(await instance.Protector.SealAsync(s_content, Cancel), Cancel));
        store.Before = ControlledStore.Down;
        Assert.Equal(s_content, await instance.Protector.TryOpenAsync(await instance.Protector.SealAsync(s_content, Cancel), Cancel));
    }

    [Fact]
    public void A_key_based_on_an_outdated_ring_is_not_added_but_a_revocation_is()
    {
        using var one = new FleetInstance(_store, _time);
        using var other = new FleetInstance(_store, _time);
        var (first, second) = (one.Repository, other.Repository);
        Assert.Empty(first.GetAllElements());
        Assert.Empty(second.GetAllElements());

        first.StoreElement(new XElement("key", "first"), "key-1");
        second.StoreElement(new XElement("key", "second"), "key-2");
        Assert.Equal(["first"], second.GetAllElements().Select(element => element.Value));

        first.StoreElement(new XElement("key", "third"), "key-3");
        second.StoreElement(new XElement("revocation", "fourth"), "revocation-1");
        Assert.Equal(["first", "third", "fourth"], second.GetAllElements().Select(element => element.Value));
    }

    private static Guid KeyOf(byte[] sealedContent) => new(sealedContent.AsSpan(4, 16));

    private async Task<List<StateRow>> RowsAsync() =>
        await _store.QueryAsync(KeyRows.Table, KeyRows.Ring, default, Cancel).ToListAsync(Cancel);

    /// <summary>Lets the key expire, as it does after 90 days. Data Protection has its own clock, which a test cannot change.</summary>
    private async Task ExpireAsync()
    {
        var row = (await RowsAsync()).Single();
        var expired = DateTimeOffset.UtcNow.AddMinutes(-1).ToString("O");
        var body = row.Body.ToObjectFromJson<Dictionary<string, string>>()!;
        var key = XElement.Parse(body["Xml"]);
        key.Element("expirationDate")!.Value = expired;
        body["Xml"] = key.ToString();
        Assert.NotNull(await _store.TryReplaceAsync(row.Key, row.ETag, BinaryData.FromObjectAsJson(body), KeyRows.Never, Cancel));
    }
}
