using Xunit;

namespace RemoteMcp.EndToEnd.Clients;

/// <summary>The calls that every client makes to a server, and the expected results.</summary>
internal sealed record Journey(JourneyPlan Plan)
{
    private const int InvalidParams = -32602;

    public required string CallSays { get; init; }

    public required string ResourceSays { get; init; }

    public required string ToolErrorSays { get; init; }

    public required string AfterCancelSays { get; init; }

    /// <summary>A journey through the conformance server. Its fixtures show whether a cancellation reached the running tool.</summary>
    public static Journey ThroughFixtures()
    {
        var ticket = Guid.NewGuid().ToString("N");
        return new Journey(new JourneyPlan(
            Call: ToolCall.Of("test_simple_text"),
            Resource: "test://static-text",
            ToolError: ToolCall.Of("test_error_handling"),
            Progress: ToolCall.Of("test_tool_with_progress"),
            Cancel: ToolCall.Of("wait_until_cancelled", ("ticket", ticket)),
            AfterCancel: ToolCall.Of("was_cancelled", ("ticket", ticket))))
        {
            CallSays = "This is a simple text response for testing.",
            ResourceSays = "This is the content of the static text resource.",
            ToolErrorSays = "This tool intentionally returns an error for testing",
            AfterCancelSays = "cancelled",
        };
    }

    /// <summary>A journey through the file tools of <c>remote-mcp</c>, which serve the <see cref="TeamFolder"/>.</summary>
    public static Journey ThroughFiles() => new(new JourneyPlan(
        Call: ToolCall.Of("list_directory", ("path", "notes")),
        Resource: "file:///notes/hello.txt",
        ToolError: ToolCall.Of("read_file", ("path", "../elsewhere.txt")),
        // Ten reports. The result can arrive before the last report, because the SDK sends the reports separately from the result.
        Progress: ToolCall.Of("search_files", ("query", TeamFolder.Needle), ("path", "archive"), ("file_pattern", "{00,01,02,03}/**")),
        Cancel: ToolCall.Of("search_files", ("query", "in no file at all"), ("path", "archive")),
        AfterCancel: ToolCall.Of("read_file", ("path", "notes/hello.txt"))))
    {
        CallSays = "hello.txt",
        ResourceSays = TeamFolder.Hello,
        ToolErrorSays = "path",
        AfterCancelSays = TeamFolder.Hello,
    };

    public void Verify(JourneyOutcome seen, string protocolVersion)
    {
        Assert.Equal(protocolVersion, seen.ProtocolVersion);
        Assert.Equal("remote-mcp", seen.ServerName);
        Assert.All([Plan.Call, Plan.ToolError, Plan.Progress, Plan.Cancel], call => Assert.Contains(call.Name, seen.Tools));
        Assert.False(seen.Call.IsError, seen.Call.Text);
        Assert.Contains(CallSays, seen.Call.Text, StringComparison.Ordinal);
        Assert.Equal(ResourceSays, seen.Resource);
        Assert.True(seen.ToolError.IsError, seen.ToolError.Text);
        Assert.Contains(ToolErrorSays, seen.ToolError.Text, StringComparison.Ordinal);
        Assert.Equal(InvalidParams, seen.ProtocolError.Code);
        Assert.Contains(JourneyPlan.UnknownTool, seen.ProtocolError.Message, StringComparison.Ordinal);
        Assert.True(seen.Progress.Count >= 2, $"Progress was reported {seen.Progress.Count} times.");
        Assert.Equal(seen.Progress.Order(), seen.Progress);
        Assert.True(seen.Cancelled, "The call ended before it was cancelled.");
        Assert.Contains(AfterCancelSays, seen.AfterCancel.Text, StringComparison.Ordinal);
    }
}
