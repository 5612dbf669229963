using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using RemoteMcp.Emulators.Directories;
using Xunit;

namespace RemoteMcp.Tests.Emulators;

/// <summary>Tests the changes that scripts can make while the emulator runs.</summary>
public sealed class ControlTests : EmulatedTenant
{
    [Fact]
    public async Task Keys_can_be_rotated()
    {
        var before = Emulator.Keys.Current.KeyId;

        await PostAsync("keys?keepOld=true");
        Assert.Equal(2, Emulator.Keys.Published.Count);

        await PostAsync("keys?keepOld=false");
        Assert.DoesNotContain(Emulator.Keys.Published, key => key.KeyId == before);
    }

    [Fact]
    public async Task Time_can_be_advanced()
    {
        await PostAsync("clock?advanceSeconds=3600");

        Assert.InRange(Emulator.Clock.GetUtcNow() - DateTimeOffset.UtcNow, TimeSpan.FromMinutes(59), TimeSpan.FromMinutes(61));
    }

    [Fact]
    public async Task Another_user_can_be_signed_in()
    {
        await PostAsync("sign-in?user=" + Sample.Megan.PrincipalName);

        Assert.Equal(Sample.Megan.ObjectId, (await OAuth.SignInAndRedeemAsync()).Claims.GetClaim("oid").Value);
    }

    [Fact]
    public async Task A_policy_can_be_set_and_removed()
    {
        var path = $"{SampleDirectory.ContosoId}/conditional-access?resource={SampleDirectory.ServerId}";

        await PostAsync(path + "&decision=Block");
        Assert.Equal(53003, (await OAuth.AuthorizeAsync(OAuthDriver.SignIn())).Refusal);

        await PostAsync(path);
        Assert.NotEmpty((await OAuth.AuthorizeAsync(OAuthDriver.SignIn())).Code);
    }

    [Fact]
    public async Task Consents_can_be_revoked()
    {
        var tokens = await OAuth.SignInAndRedeemAsync();
        using var client = Emulator.CreateClient();
        using var response = await client.DeleteAsync($"emulator/{SampleDirectory.ContosoId}/consents", Cancelled);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(65001, (await OAuth.RefreshAsync(tokens.RefreshToken)).Refusal);
    }

    [Fact]
    public async Task An_account_can_be_disabled_and_enabled()
    {
        var path = $"{SampleDirectory.ContosoId}/users/{Sample.Adele.ObjectId}?disabled=";

        await PostAsync(path + "true");
        Assert.Equal(50057, (await OAuth.AuthorizeAsync(OAuthDriver.SignIn())).Refusal);

        await PostAsync(path + "false");
        Assert.NotEmpty((await OAuth.AuthorizeAsync(OAuthDriver.SignIn())).Code);
    }

    [Fact]
    public async Task Sessions_of_a_user_can_be_revoked()
    {
        var tokens = await OAuth.SignInAndRedeemAsync();
        using var client = Emulator.CreateClient();
        using var response = await client.DeleteAsync(
            $"emulator/{SampleDirectory.ContosoId}/users/{Sample.Adele.PrincipalName}/sessions", Cancelled);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(50173, (await OAuth.RefreshAsync(tokens.RefreshToken)).Refusal);
    }

    [Fact]
    public async Task Graph_throttles_and_requests_are_counted()
    {
        await PostAsync("graph/throttle?requests=1&retryAfterSeconds=1");

        using var client = Emulator.CreateClient();
        using var throttled = await client.GetAsync("v1.0/me", Cancelled);
        var counts = await client.GetFromJsonAsync<Dictionary<string, int>>("emulator/requests", Cancelled);

        Assert.Equal(HttpStatusCode.TooManyRequests, throttled.StatusCode);
        Assert.Equal(1, counts!["/v1.0/me"]);
    }

    [Fact]
    public async Task Settings_are_reported()
    {
        using var client = Emulator.CreateClient();

        var settings = await client.GetFromJsonAsync<JsonElement>("emulator", Cancelled);

        Assert.Equal(Emulator.Addresses.Entra.ToString(), settings.GetProperty("RemoteMcp__Auth__Instance").GetString());
    }

    private async Task PostAsync(string path)
    {
        using var client = Emulator.CreateClient();
        using var response = await client.PostAsync("emulator/" + path, content: null, Cancelled);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(Cancelled));
    }
}
