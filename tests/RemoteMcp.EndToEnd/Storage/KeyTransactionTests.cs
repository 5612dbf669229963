using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using RemoteMcp.DataProtection;
using RemoteMcp.EndToEnd.Azurite;
using RemoteMcp.Storage;
using Xunit;

namespace RemoteMcp.EndToEnd.Storage;

/// <summary>Tests that the fleet shares its keys through Table Storage with the number of transactions in docs/state.md.</summary>
public sealed class KeyTransactionTests(SharedAzurite azurite) : IAsyncLifetime
{
    private readonly byte[] _content = "something to keep"u8.ToArray();
    private FaultyStorage _storage = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _storage = new FaultyStorage(await azurite.GetAsync(), TimeProvider.System);

    public ValueTask DisposeAsync()
    {
        _storage.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task First_instance_creates_key_and_secret_and_others_read_each_once()
    {
        await using var first = Instance(_storage.Other);
        var sealedContent = await Protector(first).SealAsync(_content, Cancel);
        var secret = await first.GetRequiredService<FleetSecret>().GetAsync("sessions", Cancel);

        await using var second = Instance(_storage.Store);
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(_content, await Protector(second).TryOpenAsync(sealedContent, Cancel));
        }

        Assert.Equal(["GET"], _storage.Requests);
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(secret.ToArray(), (await second.GetRequiredService<FleetSecret>().GetAsync("sessions", Cancel)).ToArray());
        }

        Assert.Equal(["GET", "GET"], _storage.Requests);
    }

    [Fact]
    public async Task New_key_costs_two_queries_and_one_insert()
    {
        // Creates the table first. Otherwise, the request that creates it would count too.
        await _storage.Other.TryInsertAsync(
            new StateKey(KeyRows.Table, "other", "row"), BinaryData.FromString("{}"), KeyRows.Never, Cancel);
        await using var instance = Instance(_storage.Store);

        await Protector(instance).SealAsync(_content, Cancel);

        Assert.Equal(["GET", "POST", "GET"], _storage.Requests);
    }

    private static ServiceProvider Instance(IStateStore store) => new ServiceCollection()
        .AddLogging()
        .AddSingleton(store)
        .AddSingleton(TimeProvider.System)
        .AddFleetDataProtection(new ConfigurationBuilder().Build())
        .BuildServiceProvider();

    private static FleetProtector Protector(ServiceProvider instance) => instance.GetRequiredService<KeyRing>().Protector("test");
}
