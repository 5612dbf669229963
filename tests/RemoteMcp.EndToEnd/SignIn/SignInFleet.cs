using RemoteMcp.Emulators.Directories;
using RemoteMcp.EndToEnd.Azurite;
using RemoteMcp.EndToEnd.Fleet;
using RemoteMcp.EndToEnd.Processes;
using Xunit;

namespace RemoteMcp.EndToEnd.SignIn;

/// <summary>
/// Three instances behind a round robin that sign people in through the emulator. They share tables and nothing else. The tests of the
/// collection run one after another, because they kill instances and change policies of the directory.
/// </summary>
[CollectionDefinition(Collection)]
public sealed class SignInFleet(StartedFleets fleets, StartedServers servers) : IAsyncLifetime, ICollectionFixture<SignInFleet>
{
    /// <summary>The collection of the tests that use this fixture.</summary>
    public const string Collection = "A fleet that signs people in";

    private const int MaxPeople = 300;

    private EmulatedEntra? _entra;
    private FleetFixture? _fleet;
    private HttpClient? _http;
    private int _people;

    internal EmulatedEntra Entra => _entra!;

    internal FleetFixture Fleet => _fleet!;

    /// <summary>Trusts the emulator, follows no redirects, and keeps no cookies.</summary>
    internal HttpClient Http => _http!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _entra = await EmulatedEntra.StartAsync(Cancellation);
        for (var person = 0; person < MaxPeople; person++)
        {
            _entra.Sample.Contoso.Users.Add(new User
            {
                ObjectId = Guid.NewGuid().ToString(),
                PrincipalName = $"person{person}@contoso.example",
                DisplayName = $"Person {person}",
                JobTitle = $"Job {person}",
            });
        }

        _http = new HttpClient(_entra.Emulator.CreateHandler(followRedirects: false, useCookies: false))
        {
            Timeout = TimeSpan.FromMinutes(3),
        };
        var settings = new Dictionary<string, string>(_entra.ServerEnvironment)
        {
            ["RemoteMcp__Storage__ConnectionString"] = (await fleets.AzuriteAsync()).ConnectionString,
            ["RemoteMcp__Storage__TablePrefix"] = SharedAzurite.UniqueName(),
            ["RemoteMcp__AuthorizationServer__AccessTokenLifetime"] = "00:01:00",
            ["RemoteMcp__Files__Root"] = servers.Folder.Path,
            ["RemoteMcp__Account__GraphEndpoint"] = _entra.Emulator.Addresses.Graph.ToString(),
            ["RemoteMcp__Account__GraphResource"] = "https://graph.microsoft.com",
        };
        _fleet = await FleetFixture.OfSettingsAsync(settings, FleetFixture.Size, Cancellation);
    }

    /// <summary>Returns a person whom no other test uses.</summary>
    internal User NewPerson() => Entra.Sample.Contoso.Users[^(MaxPeople - _people++)];

    /// <summary>Returns a client of a new person.</summary>
    internal StepwiseClient NewClient() => new(Fleet.Endpoint, Http, NewPerson());

    /// <summary>Starts instances until the fleet is complete again, and returns them.</summary>
    internal async Task<IReadOnlyList<int>> CompleteAsync()
    {
        await Task.WhenAll(Enumerable.Range(0, FleetFixture.Size - Fleet.Instances.Count).Select(_ => Fleet.AddAsync(Cancellation)));
        return Fleet.Instances;
    }

    /// <summary>Sets a policy that requires a second factor for a resource, until the result is disposed.</summary>
    internal IDisposable RequireSecondFactor(string resource)
    {
        var policies = Entra.Sample.Contoso.ConditionalAccess;
        policies[resource] = new ConditionalAccessPolicy(ConditionalAccessDecision.RequireMultifactor, "policy-1");
        return new Policy(() => policies.TryRemove(resource, out _));
    }

    public async ValueTask DisposeAsync()
    {
        await (_fleet?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_entra?.DisposeAsync() ?? ValueTask.CompletedTask);
        _http?.Dispose();
    }

    private sealed class Policy(Action remove) : IDisposable
    {
        public void Dispose() => remove();
    }
}
