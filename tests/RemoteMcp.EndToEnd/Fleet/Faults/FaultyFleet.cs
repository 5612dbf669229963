using System.Net;
using RemoteMcp.EndToEnd.Azurite;
using Xunit;

namespace RemoteMcp.EndToEnd.Fleet.Faults;

/// <summary>A fleet that reaches its storage through a <see cref="FaultProxy"/>. Each test restores the original state.</summary>
public sealed class FaultyFleet : IAsyncLifetime
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);

    private readonly HttpClient _http = new();
    private AzuriteProcess _azurite = null!;

    internal FaultProxy Storage { get; private set; } = null!;

    internal FleetFixture Instances { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        _azurite = await AzuriteProcess.StartAsync();
        Storage = await FaultProxy.StartAsync(_azurite, CancellationToken.None);
        Instances = await FleetFixture.OfFixturesAsync(Storage.ConnectionString, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        if (Instances is not null)
        {
            await Instances.DisposeAsync();
        }

        if (Storage is not null)
        {
            await Storage.DisposeAsync();
        }

        if (_azurite is not null)
        {
            await _azurite.DisposeAsync();
        }

        _http.Dispose();
    }

    /// <summary>Waits until <c>/readyz</c> of every instance reports the expected state.</summary>
    public async Task UntilReadyAsync(bool ready, CancellationToken cancellationToken)
    {
        var expected = ready ? HttpStatusCode.OK : HttpStatusCode.ServiceUnavailable;
        foreach (var instance in Instances.Instances)
        {
            while (await StatusAsync(instance, cancellationToken) != expected)
            {
                await Task.Delay(s_pause, cancellationToken);
            }
        }
    }

    private async Task<HttpStatusCode> StatusAsync(int instance, CancellationToken cancellationToken)
    {
        using var response = await _http.GetAsync(new Uri(Instances.AddressOf(instance), "readyz"), cancellationToken);
        return response.StatusCode;
    }
}
