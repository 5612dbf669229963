using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using RemoteMcp.Emulators;
using RemoteMcp.Emulators.Directories;
using RemoteMcp.Emulators.Entra;
using Xunit;

namespace RemoteMcp.Tests.Emulators;

/// <summary>
/// Tests with the real Microsoft.Identity.Web. It downloads keys and issuers, validates tokens, and calls Graph on behalf of the caller.
/// Its only credential is the token of the managed identity.
/// </summary>
[Collection(nameof(NonParallel))]
public sealed class IdentityWebTests : EmulatedTenant
{
    private readonly AssignedIdentity _identity = new()
    {
        ClientId = Guid.NewGuid().ToString(),
        ObjectId = Guid.NewGuid().ToString(),
        ResourceId = "/subscriptions/s/resourcegroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/api",
    };

    private ProcessEnvironment? _environment;
    private WebApplication _api = null!;
    private HttpClient _http = null!;

    public override async ValueTask InitializeAsync()
    {
        Sample.Contoso.ManagedIdentities.Add(_identity);
        Sample.Server.FederatedCredentials.Add(new FederatedCredential(FederatedCredential.HomeTenantIssuer, _identity.ObjectId));
        await base.InitializeAsync();
        _environment = new ProcessEnvironment(Emulator.IdentityEnvironment);
        _api = IdentityWebApi.Build(Emulator, _identity.ClientId);
        await _api.StartAsync(Cancelled);
        _http = new HttpClient { BaseAddress = new Uri(_api.Urls.First()) };
    }

    public override async ValueTask DisposeAsync()
    {
        _environment?.Dispose();
        _http?.Dispose();
        if (_api is not null)
        {
            await _api.DisposeAsync();
        }
        await base.DisposeAsync();
    }

    [Theory]
    [InlineData(2)]
    [InlineData(1)]
    public async Task A_token_of_either_version_is_valid_with_the_published_metadata(int version)
    {
        Sample.Server.AccessTokenVersion = version;

        var (status, body) = await GetAsync("/who", (await OAuth.SignInAndRedeemAsync()).AccessToken);

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(Sample.Adele.ObjectId, body.GetProperty("oid").GetString());
    }

    [Fact]
    public async Task A_rotated_key_is_found_without_a_restart()
    {
        Assert.Equal(HttpStatusCode.OK, (await GetAsync("/who", (await OAuth.SignInAndRedeemAsync()).AccessToken)).Status);
        Emulator.Keys.Roll(keepOld: false);

        var renewed = (await OAuth.SignInAndRedeemAsync()).AccessToken;

        // The first request with an unknown key starts the download of the keys. One of the next requests finds them.
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        bound.CancelAfter(TimeSpan.FromMinutes(1));
        while ((await GetAsync("/who", renewed)).Status != HttpStatusCode.OK)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), bound.Token);
        }
    }

    [Theory]
    [InlineData("iss", "https://localhost/elsewhere/v2.0")]
    [InlineData("tid", SampleDirectory.FabrikamId)]
    [InlineData("aud", SampleDirectory.DesktopClientId)]
    [InlineData("exp", 1L)]
    [InlineData("scp", null)]
    public async Task A_token_with_a_wrong_claim_is_refused(string claim, object? value)
    {
        var token = Emulator.Tokens.AccessToken(new AccessTokenRequest(Sample.Contoso, Sample.DesktopClient, Sample.Server)
        {
            User = Sample.Adele,
            Scopes = ["Mcp.Use"],
            Overrides = new Dictionary<string, object?> { [claim] = value },
        });

        Assert.Equal(HttpStatusCode.Unauthorized, (await GetAsync("/who", token)).Status);
    }

    [Fact]
    public async Task Graph_is_called_for_the_caller_with_the_managed_identity_as_credential()
    {
        var (status, me) = await GetAsync(
            "/me", (await OAuth.SignInAndRedeemAsync(("login_hint", Sample.Megan.PrincipalName))).AccessToken);

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("Megan Bowen", me.GetProperty("displayName").GetString());
        Assert.Equal(1, Emulator.Requests.CountOf("/msi/token"));
    }

    [Fact]
    public async Task The_api_gets_a_token_for_itself_with_the_managed_identity_as_credential()
    {
        var (status, token) = await GetAsync("/itself", (await OAuth.SignInAndRedeemAsync()).AccessToken);

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("2", token.GetProperty("appidacr").GetString());
    }

    [Fact]
    public async Task Missing_consent_is_reported()
    {
        Sample.Contoso.RevokeConsents();

        var (status, body) = await GetAsync("/me", (await OAuth.SignInAndRedeemAsync()).AccessToken);

        Assert.Equal(HttpStatusCode.Forbidden, status);
        Assert.Contains("AADSTS65001", body.GetProperty("error").GetString());
    }

    private async Task<(HttpStatusCode Status, JsonElement Body)> GetAsync(string path, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path)
        {
            Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token) },
        };
        using var response = await _http.SendAsync(request, Cancelled);
        var body = await response.Content.ReadAsStringAsync(Cancelled);
        return (response.StatusCode, body.Length > 0 ? JsonDocument.Parse(body).RootElement : default);
    }
}
