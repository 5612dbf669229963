using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using RemoteMcp.Emulators.Azure;
using RemoteMcp.Emulators.Directories;
using Xunit;

namespace RemoteMcp.Tests.DataProtection;

/// <summary>Tests that the emulated key vault is as strict as Key Vault.</summary>
public sealed class KeyVaultEmulatorTests : EmulatedVault
{
    private const string Key32 = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    private string VaultToken => Token("https://vault.azure.net", Microsoft(MicrosoftApplications.KeyVaultId));

    [Fact]
    public async Task Wrapped_key_is_unwrapped_by_the_same_version_only()
    {
        var (_, wrapped) = await PostAsync($"{KeyUrl}/{Key.Versions[0].Id}/wrapkey", "RSA-OAEP-256", Key32, VaultToken);
        var (status, unwrapped) = await PostAsync(
            $"{KeyUrl}/{Key.Versions[0].Id}/unwrapkey", "RSA-OAEP-256", (string)wrapped["value"]!, VaultToken);
        var (other, _) = await PostAsync(
            $"{KeyUrl}/{Key.Rotate().Id}/unwrapkey", "RSA-OAEP-256", (string)wrapped["value"]!, VaultToken);

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(Key32, (string)unwrapped["value"]!);
        Assert.Equal(HttpStatusCode.BadRequest, other);
    }

    [Fact]
    public async Task Request_without_a_token_gets_401_with_the_challenge()
    {
        using var client = new HttpClient(Emulator.CreateHandler());
        using var response = await client.GetAsync(new Uri($"{KeyUrl}?api-version=7.4"), Cancel);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Contains(
            "resource=\"https://vault.azure.net\"", response.Headers.WwwAuthenticate.Single().Parameter, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Token_for_another_service_gets_401()
    {
        var token = Token("https://storage.azure.com", Microsoft(MicrosoftApplications.StorageId));

        Assert.Equal(HttpStatusCode.Unauthorized, (await PostAsync(Url(), "RSA-OAEP-256", Key32, token)).Status);
    }

    [Theory]
    [InlineData("RSA-OAEP-512", Key32)]
    [InlineData("A256KW", Key32)]
    [InlineData("RSA-OAEP-256", Key32 + "=")]
    [InlineData("RSA-OAEP-256", "not base64url!")]
    public async Task Invalid_parameter_gets_400(string algorithm, string value) =>
        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync(Url(), algorithm, value, VaultToken)).Status);

    [Fact]
    public async Task Unknown_version_of_the_api_gets_400()
    {
        var (status, _) = await PostAsync(Url(), "RSA-OAEP-256", Key32, VaultToken, "1.0");

        Assert.Equal(HttpStatusCode.BadRequest, status);
    }

    [Fact]
    public async Task Unknown_key_gets_404_and_disabled_version_gets_403()
    {
        var (unknown, missing) = await PostAsync($"{KeyUrl}/{Guid.NewGuid():N}/wrapkey", "RSA-OAEP-256", Key32, VaultToken);
        Key.Versions[0].Enabled = false;
        var (disabled, refused) = await PostAsync(Url(), "RSA-OAEP-256", Key32, VaultToken);

        Assert.Equal((HttpStatusCode.NotFound, "KeyNotFound"), (unknown, (string)missing["error"]!["code"]!));
        Assert.Equal((HttpStatusCode.Forbidden, "KeyDisabled"), (disabled, (string)refused["error"]!["innererror"]!["code"]!));
    }

    [Fact]
    public async Task Key_without_a_role_or_without_the_operation_gets_403()
    {
        Cloud.Keys["other"] = new AzureKey();
        var (status, refused) = await PostAsync(
            $"{Emulator.Addresses.Vault}keys/other/{Cloud.Keys["other"].Versions[0].Id}/wrapkey", "RSA-OAEP-256", Key32, VaultToken);
        Cloud.Keys[KeyName] = new AzureKey { Operations = ["sign"] };
        var (forbidden, _) = await PostAsync(Url(), "RSA-OAEP-256", Key32, VaultToken);

        Assert.Equal((HttpStatusCode.Forbidden, "ForbiddenByRbac"), (status, (string)refused["error"]!["innererror"]!["code"]!));
        Assert.Equal(HttpStatusCode.Forbidden, forbidden);
    }

    private string Url() => $"{KeyUrl}/{Key.Versions[0].Id}/wrapkey";

    private async Task<(HttpStatusCode Status, JsonNode Body)> PostAsync(
        string url, string algorithm, string value, string token, string version = "7.4")
    {
        using var client = new HttpClient(Emulator.CreateHandler());
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{url}?api-version={version}")
        {
            Content = JsonContent.Create(new { alg = algorithm, value }),
            Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token) },
        };
        using var response = await client.SendAsync(request, Cancel);
        return (response.StatusCode, (await response.Content.ReadFromJsonAsync<JsonNode>(Cancel))!);
    }
}
