using System.Security.Claims;
using Azure.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using RemoteMcp.Auth.Authentication;
using RemoteMcp.Auth.OnBehalfOf;
using RemoteMcp.ManagedIdentity;
using RemoteMcp.Storage;
using RemoteMcp.Tests.Http;
using Xunit;

namespace RemoteMcp.Tests.Auth.Cloud;

/// <summary>Tests which identity results from the settings and the platform.</summary>
public sealed class CloudSettingsTests
{
    private const string Id = "30000000-0000-4000-8000-000000000001";

    private static readonly TokenRequestContext s_requestContext = new(["https://storage.azure.com/.default"]);

    [Theory]
    [InlineData(null, null, null, false, null)]
    [InlineData(Id, null, null, true, Id)]
    [InlineData(null, Id, "http://localhost/msi", true, Id)]
    [InlineData(null, null, "http://localhost/msi", true, null)]
    [InlineData(Id, "30000000-0000-4000-8000-000000000002", "http://localhost/msi", true, Id)]
    // A developer's machine, where another program uses the variable.
    [InlineData(null, Id, null, false, null)]
    [InlineData(" ", Id, "http://localhost/msi", true, Id)]
    public void Managed_identity_comes_from_the_setting_or_the_platform(
        string? setting, string? variable, string? endpoint, bool isManaged, string? clientId)
    {
        var options = Build(("RemoteMcp:ManagedIdentity:ClientId", setting), ("AZURE_CLIENT_ID", variable), ("IDENTITY_ENDPOINT", endpoint))
            .GetRequiredService<IOptions<AppCredentialOptions>>().Value;

        Assert.Equal((isManaged, clientId), (options.HasManagedIdentity, options.ClientId));
    }

    [Theory]
    [InlineData("RemoteMcp:ManagedIdentity:ClientId", "my-identity", "a GUID")]
    [InlineData("RemoteMcp:ManagedIdentity:TokenExchangeUrl", "AzureADTokenExchange", "api://AzureADTokenExchange")]
    [InlineData("RemoteMcp:ManagedIdentity:ClientSecret", "hunter2", "ClientSecret")]
    public async Task Invalid_setting_stops_the_start_and_is_named(string setting, string value, string told)
    {
        var refusal = await Assert.ThrowsAnyAsync<Exception>(
            () => TestServerHost.StartAsync(new Dictionary<string, string?> { [setting] = value }));

        Assert.Contains(told, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_state_and_the_tools_share_one_credential()
    {
        var services = Build(
            ("RemoteMcp:Storage:TableEndpoint", "https://account.table.core.windows.net"), ("RemoteMcp:ManagedIdentity:ClientId", Id));
        using var scope = services.CreateScope();

        Assert.NotNull(services.GetRequiredService<IStateStore>());
        Assert.Same(services.GetRequiredService<AppCredential>(), scope.ServiceProvider.GetRequiredService<CloudIdentity>().App);
    }

    [Fact]
    public async Task Unauthenticated_caller_cannot_use_the_managed_identity()
    {
        var app = new AppCredential(Options.Create(new AppCredentialOptions { ClientId = Id }));

        var refusal = await Assert.ThrowsAsync<CloudAccessException>(async () =>
            await new CallerCredential(new ClaimsPrincipal(), app, flow: null)
                .GetTokenAsync(s_requestContext, TestContext.Current.CancellationToken));

        Assert.Contains(AuthOptions.Section + ":Mode", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Refusal_is_found_inside_nested_exceptions()
    {
        var refusal = new CloudAccessException(CloudAccessProblem.NotSignedIn, "Sign in.");

        Assert.Same(
            refusal, CloudAccessException.FindIn(new InvalidOperationException("x", new AggregateException(new IOException(), refusal))));
        Assert.Null(CloudAccessException.FindIn(new InvalidOperationException("x", new IOException())));
    }

    private static ServiceProvider Build(params (string Name, string? Value)[] settings)
    {
        IConfiguration configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(static setting => KeyValuePair.Create(setting.Name, setting.Value)))
            .Build();
        var services = new ServiceCollection().AddLogging();
        services.AddRemoteMcpServer(configuration);
        return services.BuildServiceProvider();
    }
}
