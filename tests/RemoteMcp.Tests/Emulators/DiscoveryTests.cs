using System.Net;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;
using RemoteMcp.Emulators;
using RemoteMcp.Emulators.Directories;
using RemoteMcp.Emulators.Entra;
using Xunit;

namespace RemoteMcp.Tests.Emulators;

public sealed class DiscoveryTests : EmulatedTenant
{
    private const string Document = ".well-known/openid-configuration";

    [Fact]
    public async Task The_v2_document_of_a_tenant_names_its_issuer()
    {
        var document = await GetAsync($"{SampleDirectory.ContosoId}/v2.0/{Document}");

        Assert.Equal($"{Emulator.Addresses.Entra}{SampleDirectory.ContosoId}/v2.0", document.GetProperty("issuer").GetString());
        Assert.Equal(
            $"{Emulator.Addresses.Entra}{SampleDirectory.ContosoId}/oauth2/v2.0/token", document.GetProperty("token_endpoint").GetString());
    }

    [Theory]
    [InlineData("registration_endpoint")]
    [InlineData("code_challenge_methods_supported")]
    [InlineData("introspection_endpoint")]
    public async Task The_document_omits_properties_that_Entra_omits(string name)
    {
        var document = await GetAsync($"{SampleDirectory.ContosoId}/v2.0/{Document}");

        Assert.False(document.TryGetProperty(name, out _));
    }

    [Theory]
    [InlineData("common")]
    [InlineData("organizations")]
    public async Task Documents_for_all_tenants_have_a_template_as_issuer(string segment)
    {
        var document = await GetAsync($"{segment}/v2.0/{Document}");

        Assert.EndsWith("/{tenantid}/v2.0", document.GetProperty("issuer").GetString());
    }

    [Fact]
    public async Task The_v1_document_names_the_issuer_of_v1_tokens()
    {
        var document = await GetAsync($"{SampleDirectory.ContosoId}/{Document}");

        Assert.Equal($"https://sts.windows.net/{SampleDirectory.ContosoId}/", document.GetProperty("issuer").GetString());
    }

    [Theory]
    [InlineData(".well-known/oauth-authorization-server")]
    [InlineData(".well-known/oauth-authorization-server/" + SampleDirectory.ContosoId + "/v2.0")]
    [InlineData(".well-known/openid-configuration/" + SampleDirectory.ContosoId + "/v2.0")]
    [InlineData(SampleDirectory.ContosoId + "/v2.0/.well-known/oauth-authorization-server")]
    public async Task Other_well_known_paths_are_not_found(string path)
    {
        using var client = Emulator.CreateClient();
        using var response = await client.GetAsync(path, Cancelled);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task A_browser_can_read_metadata_and_keys()
    {
        using var client = Emulator.CreateClient();
        client.DefaultRequestHeaders.Add("Origin", "http://localhost:6274");

        foreach (var path in new[] { $"{SampleDirectory.ContosoId}/v2.0/{Document}", "common/discovery/v2.0/keys" })
        {
            using var response = await client.GetAsync(path, Cancelled);
            Assert.Equal(["*"], response.Headers.GetValues("Access-Control-Allow-Origin"));
        }
    }

    [Fact]
    public async Task Real_clients_validate_a_token_with_only_the_document()
    {
        var result = await ValidateAsync(Manager(), AdelesToken());

        Assert.True(result.IsValid, result.Exception?.ToString());
    }

    [Fact]
    public async Task A_new_key_is_found_without_a_restart_and_old_tokens_stay_valid()
    {
        var manager = Manager();
        var old = AdelesToken();
        Assert.True((await ValidateAsync(manager, old)).IsValid);

        Emulator.Keys.Roll(keepOld: true);
        await RefreshUntilKnownAsync(manager, Emulator.Keys.Current.KeyId);

        Assert.True((await ValidateAsync(manager, AdelesToken())).IsValid);
        Assert.True((await ValidateAsync(manager, old)).IsValid);
    }

    [Fact]
    public async Task A_removed_key_invalidates_its_tokens()
    {
        var old = AdelesToken();
        Emulator.Keys.Roll(keepOld: false);

        var result = await ValidateAsync(Manager(), old);

        Assert.IsType<SecurityTokenSignatureKeyNotFoundException>(result.Exception);
    }

    [Fact]
    public async Task Key_downloads_are_counted()
    {
        await ValidateAsync(Manager(), AdelesToken());

        Assert.Equal(1, Emulator.Requests.CountOf("/discovery/v2.0/keys"));
    }

    private string AdelesToken() => Emulator.Tokens.AccessToken(new AccessTokenRequest(Sample.Contoso, Sample.DesktopClient, Sample.Server)
    {
        User = Sample.Adele,
        Scopes = ["Mcp.Use"],
    });

    private ConfigurationManager<OpenIdConnectConfiguration> Manager() =>
        new(
            $"{Emulator.Addresses.Entra}{SampleDirectory.ContosoId}/v2.0/{Document}",
            new OpenIdConnectConfigurationRetriever(),
            Emulator.CreateClient())
        {
            RefreshInterval = TimeSpan.FromSeconds(1),
        };

    // The manager refreshes in the background, and at most once per interval.
    private static async Task RefreshUntilKnownAsync(ConfigurationManager<OpenIdConnectConfiguration> manager, string keyId)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        bound.CancelAfter(TimeSpan.FromMinutes(1));
        while ((await manager.GetConfigurationAsync(bound.Token)).SigningKeys.All(key => key.KeyId != keyId))
        {
            manager.RequestRefresh();
            await Task.Delay(TimeSpan.FromMilliseconds(20), bound.Token);
        }
    }

    private static async Task<TokenValidationResult> ValidateAsync(ConfigurationManager<OpenIdConnectConfiguration> manager, string token)
    {
        var configuration = await manager.GetConfigurationAsync(Cancelled);
        return await new JsonWebTokenHandler().ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidIssuer = configuration.Issuer,
            ValidAudience = SampleDirectory.ServerId,
            IssuerSigningKeys = configuration.SigningKeys,
        });
    }

    private async Task<JsonElement> GetAsync(string path)
    {
        using var client = Emulator.CreateClient();
        return JsonDocument.Parse(await client.GetStringAsync(path, Cancelled)).RootElement;
    }
}
