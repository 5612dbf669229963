using System.ComponentModel;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace RemoteMcp.ConformanceServer.Tools;

/// <summary>
/// Tools that request input without a session. They end the call with their input requests, and the client repeats the call with the inputs
/// (multi-round-trip requests, SEP-2322).
/// </summary>
internal sealed class RoundTripTools(SignedState states)
{
    [McpServerTool(Name = "test_input_required_result_elicitation"), Description("Asks for a name, then greets.")]
    public static string Elicit(RequestContext<CallToolRequestParams> context) =>
        context.Params?.InputResponses.TryGet("user_name", InputResponse.ElicitResultJsonTypeInfo, out var answer) == true
            ? $"Hello, {answer.Field("name") ?? "stranger"}!"
            : throw Inputs.Require("user_name", Inputs.Text("What is your name?", "name"));

    [McpServerTool(Name = "test_input_required_result_sampling")]
    [Description("Asks the client's model a question, then repeats its answer.")]
    public static string Sample(RequestContext<CallToolRequestParams> context) =>
        context.Params?.InputResponses.TryGet("capital_question", InputResponse.CreateMessageResultJsonTypeInfo, out var answer) == true
            ? string.Concat(answer.Content.OfType<TextContentBlock>().Select(block => block.Text))
            : throw Inputs.Require("capital_question", Inputs.Completion("What is the capital of France?", 100));

    [McpServerTool(Name = "test_input_required_result_list_roots"), Description("Asks for the client's roots, then lists them.")]
    public static string ListRoots(RequestContext<CallToolRequestParams> context) =>
        context.Params?.InputResponses.TryGet("client_roots", InputResponse.ListRootsResultJsonTypeInfo, out var answer) == true
            ? $"Roots: {string.Join(", ", answer.Roots.Select(root => root.Uri))}"
            : throw Inputs.Require("client_roots", Inputs.Roots);

    [McpServerTool(Name = "test_input_required_result_request_state")]
    [Description("Asks for a confirmation and checks that the client returns its state.")]
    public string KeepState(RequestContext<CallToolRequestParams> context) => Confirm(context, "confirming");

    [McpServerTool(Name = "test_input_required_result_tampered_state"), Description("Refuses a state that the client altered.")]
    public string RefuseTamperedState(RequestContext<CallToolRequestParams> context) => Confirm(context, "guarded");

    [McpServerTool(Name = "test_input_required_result_multiple_inputs"), Description("Asks for three inputs in one round.")]
    public string AskForSeveral(RequestContext<CallToolRequestParams> context)
    {
        var responses = context.Params?.InputResponses;
        if (responses.TryGet("user_name", InputResponse.ElicitResultJsonTypeInfo, out var name)
            && responses.TryGet("greeting", InputResponse.CreateMessageResultJsonTypeInfo, out var greeting)
            && responses.TryGet("client_roots", InputResponse.ListRootsResultJsonTypeInfo, out var roots))
        {
            Require(context, "several");
            return $"{greeting.Content.OfType<TextContentBlock>().FirstOrDefault()?.Text} {name.Field("name")} ({roots.Roots.Count} roots)";
        }

        throw new InputRequiredException(
            new Dictionary<string, InputRequest>
            {
                ["user_name"] = Inputs.Text("What is your name?", "name"),
                ["greeting"] = Inputs.Completion("Generate a greeting", 50),
                ["client_roots"] = Inputs.Roots,
            },
            states.Sign("several"));
    }

    [McpServerTool(Name = "test_input_required_result_multi_round"), Description("Asks in two rounds.")]
    public string AskTwice(RequestContext<CallToolRequestParams> context)
    {
        var responses = context.Params?.InputResponses;
        if (responses.TryGet("step2", InputResponse.ElicitResultJsonTypeInfo, out var second))
        {
            Require(context, "step-2");
            return $"Your favorite color is {second.Field("color")}.";
        }

        if (responses.TryGet("step1", InputResponse.ElicitResultJsonTypeInfo, out _))
        {
            Require(context, "step-1");
            throw Inputs.Require("step2", Inputs.Text("Step 2: What is your favorite color?", "color"), states.Sign("step-2"));
        }

        throw Inputs.Require("step1", Inputs.Text("Step 1: What is your name?", "name"), states.Sign("step-1"));
    }

    [McpServerTool(Name = "test_input_required_result_capabilities"), Description("Asks only for inputs that the client supports.")]
    public static string AskWithinCapabilities(RequestContext<CallToolRequestParams> context)
    {
        if (context.Params?.InputResponses is { Count: > 0 } responses)
        {
            return $"Received {responses.Count} inputs.";
        }

        var capabilities = context.Server.ClientCapabilities;
        var requests = new Dictionary<string, InputRequest>();
        if (capabilities?.Sampling is not null)
        {
            requests["capital_question"] = Inputs.Completion("What is the capital of France?", 100);
        }

        if (capabilities?.Elicitation is not null)
        {
            requests["user_name"] = Inputs.Text("What is your name?", "name");
        }

        return requests.Count == 0 ? "The client supports no input." : throw new InputRequiredException(requests);
    }

    private string Confirm(RequestContext<CallToolRequestParams> context, string value)
    {
        if (!context.Params!.InputResponses.TryGet("confirm", InputResponse.ElicitResultJsonTypeInfo, out var answer))
        {
            throw Inputs.Require("confirm", Inputs.Confirmation, states.Sign(value));
        }

        Require(context, value);
        return $"state-ok: {answer.Field("ok")}";
    }

    private void Require(RequestContext<CallToolRequestParams> context, string value)
    {
        if (!states.IsFor(context.Params?.RequestState, value))
        {
            throw new McpProtocolException("requestState is not the value that this server sent.", McpErrorCode.InvalidParams);
        }
    }
}
