using System.Net;
using RemoteMcp.Emulators;
using RemoteMcp.Emulators.Directories;
using Xunit;

namespace RemoteMcp.Tests.Emulators;

public sealed class DeviceCodeTests : EmulatedTenant
{
    [Fact]
    public async Task A_device_waits_until_its_user_has_answered()
    {
        Emulator.SignIn = SignInMode.Form;
        var (device, user) = await StartAsync();

        var pending = await PollAsync(device);
        await AnswerAsync(user, "user", Sample.Adele.ObjectId);
        var done = await PollAsync(device);

        Assert.Equal((70016, "authorization_pending"), (pending.Refusal, pending.String("error")));
        Assert.Equal("Mcp.Use", done.Claims.GetClaim("scp").Value);
    }

    [Fact]
    public async Task A_device_learns_that_its_user_declined()
    {
        Emulator.SignIn = SignInMode.Form;
        var (device, user) = await StartAsync();

        await AnswerAsync(user, "decision", "cancel");

        Assert.Equal("authorization_declined", (await PollAsync(device)).String("error"));
    }

    [Fact]
    public async Task A_device_code_expires_and_an_unknown_one_is_refused()
    {
        var (device, _) = await StartAsync();
        Emulator.Clock.Advance(TimeSpan.FromMinutes(16));

        Assert.Equal("expired_token", (await PollAsync(device)).String("error"));
        Assert.Equal("bad_verification_code", (await PollAsync("made-up")).String("error"));
    }

    private async Task<(string Device, string User)> StartAsync()
    {
        using var client = Emulator.CreateClient();
        using var form = new FormUrlEncodedContent(
            [new("client_id", SampleDirectory.DesktopClientId), new("scope", OAuthDriver.ServerScope)]);
        using var response = await client.PostAsync($"{SampleDirectory.ContosoId}/oauth2/v2.0/devicecode", form, Cancelled);
        var body = System.Text.Json.JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancelled)).RootElement;
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return (body.GetProperty("device_code").GetString()!, body.GetProperty("user_code").GetString()!);
    }

    private Task<OAuthDriver.TokenAnswer> PollAsync(string device) => OAuth.TokenAsync(
        ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
        ("client_id", SampleDirectory.DesktopClientId),
        ("device_code", device));

    private async Task AnswerAsync(string user, string name, string value)
    {
        using var client = Emulator.CreateClient();
        using var form = new FormUrlEncodedContent([new(name, value)]);
        using var response = await client.PostAsync($"devicelogin?otc={user}", form, Cancelled);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }
}
