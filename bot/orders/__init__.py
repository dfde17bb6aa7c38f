"""Work orders (工单): drafted from a conversation, edited and closed by an agent, handed over."""
