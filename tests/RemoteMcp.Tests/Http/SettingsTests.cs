using RemoteMcp.Configuration;
using Xunit;

namespace RemoteMcp.Tests.Http;

/// <summary>Tests that an invalid setting prevents the start. The error contains the name, the value, and the solution.</summary>
public sealed class SettingsTests
{
    [Theory]
    [InlineData("RemoteMcp:Name", "", "1 to 64 characters")]
    [InlineData("RemoteMcp:Name", "a name that is longer than the sixty-four characters that clients show", "1 to 64 characters")]
    [InlineData("RemoteMcp:PublicUrl", "tools.contoso.com", "https://tools.contoso.com")]
    [InlineData("RemoteMcp:PublicUrl", "http://tools.contoso.com", "https")]
    [InlineData("RemoteMcp:PublicUrl", "ftp://tools.contoso.com", "https")]
    [InlineData("RemoteMcp:PublicUrl", "https://tools.contoso.com/mcp", "without /mcp")]
    [InlineData("RemoteMcp:PublicUrl", "https://tools.contoso.com/mcp/", "without /mcp")]
    [InlineData("RemoteMcp:PublicUrl", "https://tools.contoso.com?x=1", "without query")]
    [InlineData("RemoteMcp:PublicUrl", "https://tools.contoso.com#x", "fragment")]
    [InlineData("RemoteMcp:PublicUrl", "https://me:secret@tools.contoso.com", "absolute https URL")]
    [InlineData("RemoteMcp:PublicUrl", "/tools", "absolute https URL")]
    [InlineData("RemoteMcp:PublicUrl", "https://tools.contoso.com/my tools", "or spaces")]
    [InlineData("RemoteMcp:PublicUrl", " https://tools.contoso.com", "or spaces")]
    [InlineData("RemoteMcp:PublicUrl", "https://tools.contoso.com\n", "or spaces")]
    [InlineData("RemoteMcp:PublicUrl", "https:\\\\tools.contoso.com", "absolute https URL")]
    [InlineData("RemoteMcp:PublicUrl", "https://tools.contoso.com/\u200b", "absolute https URL")]
    [InlineData("RemoteMcp:PublicUrl", "https://tools.contoso.com/\"x", "absolute https URL")]
    [InlineData("RemoteMcp:PublicUrl", "https://tools.contoso.com:0", "absolute https URL")]
    [InlineData("RemoteMcp:PublicUrl", "https://tools.contoso.com:99999", "absolute https URL")]
    [InlineData("RemoteMcp:Http:MaxRequestBytes", "0", "1024 to 67108864")]
    [InlineData("RemoteMcp:Http:MaxRequestBytes", "1023", "1024 to 67108864")]
    [InlineData("RemoteMcp:Http:MaxRequestBytes", "67108865", "1024 to 67108864")]
    [InlineData("RemoteMcp:Http:MaxRequestBytes", "-1", "1024 to 67108864")]
    [InlineData("RemoteMcp:Http:MaxRequestBytes", "4MB", "a whole number")]
    [InlineData("RemoteMcp:Http:MaxRequestBytes", "99999999999", "a whole number")]
    [InlineData("RemoteMcp:Http:BodyTimeout", "00:00:00", "00:00:01 to 00:10:00")]
    [InlineData("RemoteMcp:Http:BodyTimeout", "00:10:01", "00:00:01 to 00:10:00")]
    [InlineData("RemoteMcp:Elicitation:AnswerTimeout", "00:00:59", "00:01:00 to 1.00:00:00")]
    [InlineData("RemoteMcp:Limits:RequestBytes", "1024", "8388608 to 1073741824")]
    [InlineData("RemoteMcp:Limits:RequestBytes", "131071", "RemoteMcp:Http:MaxRequestBytes")]
    [InlineData("RemoteMcp:Limits:RequestBytesPerCaller", "1024", "RemoteMcp:Http:MaxRequestBytes")]
    [InlineData("RemoteMcp:Limits:RequestBytesPerCaller", "67108865", "4194304 to 67108864")]
    [InlineData("RemoteMcp:Http:KeepAlive", "00:00:00", "00:00:01 to 00:03:20")]
    [InlineData("RemoteMcp:Http:KeepAlive", "00:03:21", "00:00:01 to 00:03:20")]
    [InlineData("RemoteMcp:Http:KeepAlive", "-00:00:15", "00:00:01 to 00:03:20")]
    [InlineData("RemoteMcp:Http:KeepAlive", "15s", "hours:minutes:seconds")]
    [InlineData("RemoteMcp:Http:ShutdownGrace", "-00:00:01", "00:00:00 to 00:10:00")]
    [InlineData("RemoteMcp:Http:ShutdownGrace", "00:10:01", "00:00:00 to 00:10:00")]
    [InlineData("RemoteMcp:Http:ShutdownDelay", "-00:00:01", "00:00:00 to 00:05:00")]
    [InlineData("RemoteMcp:Http:ShutdownDelay", "00:05:01", "00:00:00 to 00:05:00")]
    [InlineData("RemoteMcp:Http:ShutdownGrace", "soon", "hours:minutes:seconds")]
    [InlineData("RemoteMcp:Http:MaxRequestTime", "00:00:00", "00:00:01 to 1.00:00:00")]
    [InlineData("RemoteMcp:Http:MaxRequestTime", "1.00:00:01", "00:00:01 to 1.00:00:00")]
    [InlineData("RemoteMcp:Limits:RequestsPerMinute", "0", "1 to 1000000")]
    [InlineData("RemoteMcp:Limits:RequestsPerMinute", "1000001", "1 to 1000000")]
    [InlineData("RemoteMcp:Limits:RequestsPerMinute", "many", "a whole number")]
    [InlineData("RemoteMcp:Limits:ConcurrentRequests", "0", "1 to 10000")]
    [InlineData("RemoteMcp:Limits:ConcurrentRequests", "10001", "1 to 10000")]
    [InlineData("RemoteMcp:Http:AllowedHosts:0", "https://tools.contoso.com", "without scheme, port, or path")]
    [InlineData("RemoteMcp:Http:AllowedHosts:0", "tools.contoso.com:443", "without scheme, port, or path")]
    [InlineData("RemoteMcp:Http:AllowedHosts:0", "*.contoso.com", "without scheme, port, or path")]
    [InlineData("RemoteMcp:Http:AllowedHosts:0", "", "without scheme, port, or path")]
    [InlineData("RemoteMcp:Http:AllowedOrigins:0", "*", "scheme, host, and port")]
    [InlineData("RemoteMcp:Http:AllowedOrigins:0", "null", "scheme, host, and port")]
    [InlineData("RemoteMcp:Http:AllowedOrigins:0", "inspector.contoso.com", "scheme, host, and port")]
    [InlineData("RemoteMcp:Http:AllowedOrigins:0", "https://inspector.contoso.com/page", "scheme, host, and port")]
    [InlineData("RemoteMcp:Http:AllowedOrigins:0", "https://me@inspector.contoso.com", "scheme, host, and port")]
    [InlineData("RemoteMcp:Http:AllowedOrigins:0", "https://inspector.contoso.com?x", "scheme, host, and port")]
    [InlineData("RemoteMcp:Http:AllowedOrigins:0", "file:///C:/page.html", "scheme, host, and port")]
    public async Task Invalid_value_stops_the_start_with_its_remedy(string name, string value, string remedy)
    {
        var report = await FailToStartAsync(name, value);

        Assert.Contains(name.TrimEnd(':', '0'), report);
        Assert.Contains($"'{value}'", report.Replace($" is {value}.", $" is '{value}'.", StringComparison.Ordinal));
        Assert.Contains(remedy, report);
    }

    [Fact]
    public async Task Too_long_instructions_stop_the_start_with_their_length() =>
        Assert.Contains(
            "RemoteMcp:Instructions has 4001 characters. Set it to a text of at most 4000",
            await FailToStartAsync("RemoteMcp:Instructions", new string('i', 4001)));

    [Theory]
    [InlineData("RemoteMcp:Http:KeepAlives", "00:00:15")]
    [InlineData("RemoteMcp:Http:Max-Request-Bytes", "5000")]
    [InlineData("RemoteMcp:Http:AllowedOrigin:0", "https://inspector.contoso.com")]
    [InlineData("RemoteMcp:HomePage:ShowTool", "true")]
    [InlineData("RemoteMcp:Limits:RequestsPerHour", "100")]
    [InlineData("RemoteMcp:PublicUri", "https://tools.contoso.com")]
    public async Task Unknown_setting_stops_the_start(string name, string value)
    {
        var report = await FailToStartAsync(name, value);

        Assert.Contains("RemoteMcp", report);
        Assert.Contains(name.Split(':').Last(static part => part != "0"), report);
    }

    [Theory]
    [InlineData("RemoteMcp:Http:AllowedHosts", "tools.contoso.com")]
    [InlineData("RemoteMcp:Http:AllowedOrigins", "https://inspector.contoso.com")]
    public async Task List_that_is_written_as_one_value_stops_the_start(string name, string value)
    {
        var report = await FailToStartAsync(name, value);

        Assert.Contains(name, report);
        Assert.Contains(":0", report);
    }

    [Fact]
    public async Task All_invalid_values_are_reported_together()
    {
        var report = await FailToStartAsync(
            new() { ["RemoteMcp:Http:KeepAlive"] = "1.00:00:00", ["RemoteMcp:Http:MaxRequestTime"] = "00:00:00" });

        Assert.Contains("RemoteMcp:Http:KeepAlive", report);
        Assert.Contains("RemoteMcp:Http:MaxRequestTime", report);
    }

    private static Task<string> FailToStartAsync(string name, string value) => FailToStartAsync(new() { [name] = value });

    // Returns the error that `serve` prints.
    private static async Task<string> FailToStartAsync(Dictionary<string, string?> settings)
    {
        var exception = await Assert.ThrowsAnyAsync<Exception>(
            async () => await (await TestServerHost.StartAsync(settings)).DisposeAsync());
        using var error = new StringWriter();
        Assert.True(StartupErrors.TryReport(exception, error), exception.ToString());
        Assert.StartsWith("error: ", error.ToString());
        Assert.DoesNotContain("   at ", error.ToString());
        return error.ToString();
    }
}
